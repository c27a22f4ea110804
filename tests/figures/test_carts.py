"""The figure of a cart shows a bar for each past step, and the pole as it leans."""

from metaxai_lab.figures.carts import drawn_cart


def drawn(angle=0.1):
    return drawn_cart(
        angle, called=1.0, moves=-0.8, attention=[0.7, 0.2], told=[-1.0, 1.0], n_steps=8
    )


def test_there_is_a_bar_for_each_past_step():
    bars = drawn().axes[1].patches
    assert [float(bar.get_height()) for bar in bars] == [0.7, 0.2]
    assert bars[0].get_facecolor() != bars[1].get_facecolor()


def test_the_pole_leans_to_the_side_it_leans_to():
    for angle in (0.1, -0.1):
        foot, tip = drawn(angle).axes[0].lines[0].get_xdata()
        assert foot == 0
        assert tip * angle > 0


def test_the_push_goes_the_other_way_than_it_was_called():
    words = {text.get_text(): text.get_position()[0] for text in drawn().axes[0].texts}
    assert words["called"] > 0 > words["goes"]
