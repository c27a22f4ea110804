"""What a drawn graph says: set, moved, cut."""

from metaxai_lab.figures.graphs import drawn_graph

PLACES = {"a": (0.0, 0.0), "b": (1.0, 0.0), "c": (1.0, 1.0)}
ARROWS = [("a", "b"), ("b", "c")]
STILL = dict.fromkeys(PLACES, 0.0)


def drawn(held="", **means):
    fig = drawn_graph(PLACES, ARROWS, means=STILL | means, usual=STILL, held=held)
    return fig.axes[0]


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_it_says_what_is_set_and_the_means_of_the_rest():
    assert words(drawn("b", b=2.0, c=4.0)) == ["a\nmean 0.0", "b\nset to 2.0", "c\nmean 4.0"]


def test_what_moved_has_a_thick_ring():
    widths = [float(dot.get_linewidths()[0]) for dot in drawn("b", b=2.0, c=4.0).collections]
    assert widths == [1.0, 3.0, 3.0]


def test_arrows_into_what_is_set_are_cut():
    dashes = [t.arrow_patch.get_linestyle() for t in drawn("b", b=2.0).texts if t.get_text() == ""]
    assert dashes == ["--", "solid"]
