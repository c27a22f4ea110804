import pytest
import torch
from matplotlib import pyplot as plt

from metaxai_lab.figures import (
    bars_against_chance,
    describe_bars,
    describe_curve,
    learning_curve,
)
from metaxai_lab.figures.scores import running_mean

BARS = {"attention": 0.87, "uniform": 0.05}
CURVE = torch.tensor([4.0, 2.0, 0.0])


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_each_bar_is_as_long_as_its_value():
    ax = bars_against_chance(BARS, chance=0.1, what="hits")
    assert [bar.get_width() for bar in ax.patches] == [0.87, 0.05]


def test_each_bar_carries_its_number_and_chance_its_name():
    assert texts(bars_against_chance(BARS, chance=0.1, what="hits")) == ["0.87", "0.05", "chance"]


def test_the_line_may_be_something_else_than_chance():
    ax = bars_against_chance(BARS, chance=0.1, what="share", line="even share")
    assert texts(ax)[-1] == "even share"


def test_the_line_of_chance_stands_at_chance():
    ax = bars_against_chance(BARS, chance=0.1, what="hits")
    assert ax.lines[-1].get_xdata() == [0.1, 0.1]


def test_each_run_is_a_dot_on_its_bar():
    ax = bars_against_chance(BARS, chance=0.1, what="hits", spread={"attention": [0.8, 0.9]})
    assert ax.lines[0].get_xydata().tolist() == [[0.8, 0], [0.9, 0]]


def test_the_axis_says_which_way_is_better():
    ax = bars_against_chance(BARS, chance=0.1, what="error", better="lower")
    assert ax.get_xlabel() == "error (lower is better)"


def test_a_figure_goes_where_it_is_sent():
    ax = plt.figure().add_subplot()
    assert bars_against_chance(BARS, chance=0.1, what="hits", ax=ax) is ax


def test_bars_are_described_with_their_numbers():
    assert describe_bars(BARS, chance=0.1, what="hits") == (
        "Bars of hits: attention 0.87, uniform 0.05. Chance is 0.10."
    )


def test_a_curve_carries_its_name_at_its_end():
    ax = learning_curve({"attentive": CURVE}, what="loss (nats)")
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("attentive", (3, 0.0))]


def test_a_smooth_curve_ends_at_the_last_step():
    ax = learning_curve({"attentive": CURVE}, what="loss (nats)", smooth=2)
    assert ax.lines[-1].get_xydata().tolist() == [[2, 3], [3, 1]]


def test_a_learner_that_knows_nothing_is_marked():
    ax = learning_curve({"attentive": CURVE}, what="loss (nats)", chance=1.6)
    assert texts(ax)[-1] == "chance"


def test_a_curve_is_described_by_its_ends():
    assert describe_curve({"attentive": CURVE}, what="Loss") == (
        "Loss over 3 training steps: attentive goes from 4.00 to 0.00."
    )


def test_a_running_mean_by_hand():
    assert running_mean(CURVE, 2).tolist() == [3.0, 1.0]


@pytest.mark.parametrize("window", [0, 4])
def test_a_window_that_does_not_fit_is_refused(window):
    with pytest.raises(ValueError, match="needs 1 to 3 steps"):
        running_mean(CURVE, window)
