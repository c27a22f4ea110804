"""The drawn tree is judged by the words and the places of a tree made by hand."""

import torch
from matplotlib import pyplot as plt

from metaxai_lab.explainers.fitted_trees import fitted_tree
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.trees import LEAF
from metaxai_lab.figures.palette import CATEGORIES
from metaxai_lab.figures.trees import describe_drawn_tree, drawn_tree

NAMES, CLASSES = ("dose", "age"), ("no", "yes")


def by_hand():
    column = torch.tensor([0, LEAF, 1, LEAF, LEAF])
    threshold = torch.tensor([2.0, 0.0, 0.5, 0.0, 0.0])
    left, right = torch.tensor([1, 1, 3, 3, 4]), torch.tensor([2, 1, 4, 3, 4])
    x = torch.tensor([[1.0, 0.0], [3.0, 0.0], [3.0, 1.0]])
    labels = torch.tensor([0, 1, 0])
    return fitted_tree(column, threshold, left, right, x=x, labels=labels, n_outputs=1)


def boxes(ax):
    return {t.get_text(): t for t in ax.texts if t.get_bbox_patch() is not None}


def test_every_question_and_every_answer_is_written():
    found = boxes(drawn_tree(by_hand(), NAMES, CLASSES, digits=1))
    assert set(found) == {
        "dose\nat most 2.0?",
        "age\nat most 0.5?",
        "no\n1 row",
        "yes\n1 row",
    }


def test_yes_stands_on_the_left_and_an_answer_below_its_question():
    ax = drawn_tree(by_hand(), NAMES, CLASSES, digits=1)
    places = {t.get_text(): t.get_position() for t in ax.texts}
    asked, answer = places["age\nat most 0.5?"], places["yes\n1 row"]
    assert answer[0] < asked[0]
    assert answer[1] > asked[1]


def test_no_two_boxes_stand_on_one_place():
    x = torch.rand(200, 2, generator=torch.Generator().manual_seed(0))
    ax = drawn_tree(grow_tree(x, (x[:, 0] * x[:, 1] > 0.2).long(), depth=4))
    places = [t.get_position() for t in ax.texts if t.get_bbox_patch() is not None]
    assert len(set(places)) == len(places)


def test_a_leaf_has_the_colour_of_its_class_and_says_it_in_words():
    found = boxes(drawn_tree(by_hand(), NAMES, CLASSES, digits=1))
    edge = found["yes\n1 row"].get_bbox_patch().get_edgecolor()
    assert plt.matplotlib.colors.to_hex(edge).upper() == CATEGORIES[1].upper()


def test_a_single_leaf_can_be_drawn():
    tree = grow_tree(torch.ones(3, 1), torch.ones(3, dtype=torch.long), depth=2)
    assert list(boxes(drawn_tree(tree))) == ["1\n3 rows"]


def test_it_draws_into_the_axes_it_is_given():
    _, ax = plt.subplots()
    assert drawn_tree(by_hand(), ax=ax) is ax


def test_the_words_are_the_tree():
    said = describe_drawn_tree(by_hand(), NAMES, CLASSES, digits=0)
    assert said.startswith("A tree of depth 2 with 3 answers: dose at most 2?; yes: no (1 row);")
