"""The figure of a trip shows as many bars as steps were driven."""

from metaxai_lab.figures.trips import drawn_trip


def test_there_is_a_bar_for_each_past_step():
    fig = drawn_trip([9.0, 8.0, 7.0], [3.0, 2.0, 1.0], [True, False, True], [0.7, 0.3], n_steps=3)
    assert [float(bar.get_height()) for bar in fig.axes[1].patches] == [0.7, 0.3]
