"""A tree in lines: what is asked, and what follows."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from sklearn.tree import DecisionTreeRegressor

from metaxai_lab.figures import describe_tree, indented_tree, rule_lines

WANTED = [
    "a at most 0.0?",
    "    yes: -2.0",
    "    no:  b at most 0.5?",
    "        yes: +1.0",
    "        no:  +4.0",
]


@pytest.fixture
def tree():
    x = np.array([[-1.0, 0.0], [-1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return DecisionTreeRegressor(max_depth=2).fit(x, [-2.0, -2.0, 1.0, 4.0])


def test_a_question_is_followed_by_what_yes_and_no_lead_to(tree):
    assert rule_lines(tree, ("a", "b")) == WANTED


def test_a_tree_without_a_question_is_its_answer():
    stump = DecisionTreeRegressor(max_depth=1).fit([[0.0], [1.0]], [3.0, 3.0])
    assert rule_lines(stump, ("a",), digits=0) == ["+3"]


def test_the_figure_shows_all_lines_from_the_top(tree):
    ax = indented_tree(tree, ("a", "b"), title="a tree")
    assert [text.get_text() for text in ax.texts] == WANTED
    heights = [text.get_position()[1] for text in ax.texts]
    low, high = ax.get_ylim()
    assert low > max(heights)
    assert high < heights[0] < heights[-1]
    plt.close("all")


def test_the_words_hold_all_lines(tree):
    said = describe_tree(tree, ("a", "b"))
    assert said.startswith("A tree of 3 answers: a at most 0.0?; yes: -2.0; no:  b")
