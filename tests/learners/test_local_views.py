"""What is summed is local: a cell's content sees little more than the cell."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import LocalViews
from metaxai_lab.learners.local_views import fading


@pytest.fixture
def views():
    with initialised_with(seeded(0)):
        return LocalViews()


def both(views, x):
    content = views.content(x)
    return content, views.clue(content)


def changed_cells(views, row, column):
    """Return which cells' content and clue a single pixel of ink moves, as two 7 x 7 maps."""
    blank = torch.zeros(1, 784)
    dot = blank.clone()
    dot[0, 28 * row + column] = 1
    moved = [
        (a - b).abs().amax(-1) > 0
        for a, b in zip(both(views, dot), both(views, blank), strict=True)
    ]
    return [cells.view(7, 7) for cells in moved]


def test_a_pixel_moves_the_content_of_its_cell_alone_unless_it_lies_on_the_rim(views):
    inside, _ = changed_cells(views, 13, 13)
    assert inside.nonzero().tolist() == [[3, 3]]
    corner, _ = changed_cells(views, 12, 12)  # the first pixel of the cell
    assert corner.nonzero().tolist() == [[2, 2], [2, 3], [3, 2], [3, 3]]


def test_the_clue_sees_one_cell_further_than_the_content(views):
    _, clue = changed_cells(views, 13, 13)
    assert clue.nonzero().tolist() == [[r, c] for r in (2, 3, 4) for c in (2, 3, 4)]


def test_an_empty_cell_has_no_content(views):
    assert views.content(torch.zeros(2, 784)).abs().max() < 1e-6


def test_the_window_is_highest_in_the_middle_and_the_same_on_all_sides():
    window = fading(8)
    assert window.argmax() in (27, 28, 35, 36)
    assert torch.allclose(window, window.T)
    assert torch.allclose(window, window.flip(0))
    assert window[0, 0] < 0.2 * window[3, 3]


def test_any_number_of_task_axes_is_served(views):
    x = torch.rand(2, 3, 5, 784, generator=seeded(1))
    content, clue = both(views, x)
    assert content.shape == clue.shape == (2, 3, 5, 49, 64)
    assert torch.allclose(content[1, 2], views.content(x[1, 2]), atol=1e-6)


def test_pictures_of_another_size_are_refused(views):
    with pytest.raises(ValueError, match="28 x 28 = 784 pixels; found rows of 1024"):
        views.content(torch.zeros(1, 1024))


def test_cells_that_do_not_fill_the_picture_are_refused():
    with pytest.raises(ValueError, match="found side 28, cell 5 and patch 6"):
        LocalViews(28, cell=5)


def test_a_pixel_of_any_colour_moves_its_cell():
    with initialised_with(seeded(0)):
        views = LocalViews(32, channels=3)
    blank = torch.zeros(1, 3 * 32 * 32)
    for colour in range(3):
        dot = blank.clone()
        dot[0, colour * 1024 + 32 * 13 + 18] = 1
        moved = (views.content(dot) - views.content(blank)).abs().amax(-1) > 0
        assert moved.view(8, 8).nonzero().tolist() == [[3, 4]]


def test_large_pictures_take_large_cells():
    views = LocalViews(84, cell=12, patch=14, channels=3)
    assert views.content(torch.zeros(2, 3 * 84 * 84)).shape == (2, 49, 64)


def test_a_listener_meets_the_contents_as_a_map(views):
    met = []
    with views.map.register_forward_hook(lambda *passed: met.append(passed[-1])):
        content = views.content(torch.rand(2, 784, generator=seeded(1)))
    assert torch.equal(met[0].permute(0, 2, 3, 1).flatten(1, 2), content)


def test_grey_pictures_are_refused_where_colours_are_seen():
    with pytest.raises(ValueError, match=r"3 x 32 x 32 = 3072 pixels; found rows of 1024"):
        LocalViews(32, channels=3).content(torch.zeros(1, 1024))


def test_pictures_without_a_channel_are_refused():
    with pytest.raises(ValueError, match="1 channel, or 3 for colours; found 0"):
        LocalViews(channels=0)
