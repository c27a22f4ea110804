"""A lesson shows each value, each answer, and a share with its sign."""

import matplotlib.pyplot as plt
import pytest
import torch

from metaxai_lab.figures import describe_lesson, lesson_table

ROWS = torch.tensor([[1.0, -2.0], [0.0, 2.0]])
NAMES = ("age", "debts")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_each_value_and_answer_is_written():
    ax = lesson_table(ROWS, ["yes", "?"], names=NAMES)
    assert words(ax) == ["+1", "-2", "yes", "+0", "+2", "?"]
    assert not ax.patches


def test_a_share_has_its_sign_and_its_colour_and_nought_is_not_drawn():
    shares = torch.tensor([[0.5, -1.5], [1e-8, 0.0]])
    ax = lesson_table(ROWS, ["yes", "?"], names=NAMES, shares=shares)
    assert "+0.5" in words(ax)
    assert "-1.5" in words(ax)
    up, down = ax.patches
    assert up.get_facecolor()[:3] != down.get_facecolor()[:3]
    assert float(up.get_alpha() or 0) < float(down.get_alpha() or 0)


def test_the_words_count_rows_and_answers():
    said = describe_lesson(ROWS, ["yes", "?"])
    assert said == "A table of 2 rows and 2 columns, answers: 1 yes, 1 ?."


def test_an_answer_too_few_is_refused():
    with pytest.raises(ValueError, match="as many answers and names; found 1 and 2"):
        lesson_table(ROWS, ["yes"], names=NAMES)
