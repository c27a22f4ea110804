"""The trade-off is judged by what stands in its axes."""

from metaxai_lab.figures.pareto import describe_trade_off, trade_off

POINTS = {"tree": [(1.0, 0.7), (2.0, 0.9)], "list": [(1.5, 0.6), (3.0, 0.65)]}


def test_every_kind_has_its_points_and_its_name():
    ax = trade_off(POINTS, along="length", what="fidelity")
    assert [list(map(tuple, line.get_xydata())) for line in ax.lines] == list(POINTS.values())
    assert [text.get_text() for text in ax.texts] == ["tree", "list"]


def test_a_point_can_be_ringed():
    ax = trade_off(POINTS, along="length", what="fidelity", ring=(2.0, 0.9))
    assert list(map(tuple, ax.lines[-1].get_xydata())) == [(2.0, 0.9)]


def test_the_axes_say_which_way_is_better():
    ax = trade_off(POINTS, along="length", what="fidelity")
    assert "fewer" in ax.get_xlabel()
    assert "higher is better" in ax.get_ylabel()


def test_the_words_say_where_each_kind_begins_and_ends():
    said = describe_trade_off(POINTS, along="length", what="fidelity")
    assert "tree goes from 0.70 at 1.0 to 0.90 at 2.0; list goes" in said
