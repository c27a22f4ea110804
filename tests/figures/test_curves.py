import pytest
from matplotlib import pyplot as plt

from metaxai_lab.figures.curves import describe_errors, error_curves

CURVES = {"learned": {8: 0.05, 4: 0.2}, "alone": {4: 1.0, 16: 0.4}}


def drawn(**how):
    return error_curves(CURVES, along="shots", what="error", **how)


def test_a_curve_runs_through_its_points_in_order():
    assert drawn().lines[0].get_xydata().tolist() == [[4, 0.2], [8, 0.05]]


def test_a_curve_carries_its_name_at_its_end():
    found = [(text.get_text(), text.xy) for text in drawn().texts]
    assert found == [("learned", (8, 0.05)), ("alone", (16, 0.4))]


def test_equal_factors_are_equal_stretches():
    ax = drawn()
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_the_wanted_error_is_a_line():
    assert drawn(target=0.1).lines[-1].get_ydata() == [0.1, 0.1]


def test_the_axes_say_what_is_counted_and_which_way_is_better():
    ax = drawn()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("shots", "error\n(lower is better)")


def test_a_figure_goes_where_it_is_sent():
    ax = plt.figure().add_subplot()
    assert drawn(ax=ax) is ax


def test_curves_are_described_by_their_ends():
    assert describe_errors(CURVES, along="shots", what="error") == (
        "error over shots: learned goes from 0.20 after 4 to 0.05 after 8; "
        "alone goes from 1.00 after 4 to 0.40 after 16."
    )


def test_names_of_close_numbers_do_not_run_into_each_other():
    ax = error_curves({"one": {20: 1.0, 22: 0.5, 24: 0.4, 96: 0.1}}, along="shots", what="error")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["20", "96"]


def test_an_error_beyond_all_bounds_leaves_the_others_their_room():
    ax = error_curves({"one": {4: 1e6, 8: 0.5, 16: 0.1}}, along="shots", what="error")
    assert ax.get_ylim() == pytest.approx((0.08, 6.25))
