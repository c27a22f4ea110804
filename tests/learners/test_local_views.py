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


# Empty cells left out


def alike(channels=1):
    """Return two with the same weights: one that works out all cells, one that skips the empty."""
    with initialised_with(seeded(0)):
        slow = LocalViews(channels=channels)
        quick = LocalViews(channels=channels, skip_empty=True)
    quick.load_state_dict(slow.state_dict())
    return slow, quick


def spots(channels=1):
    """Return pictures that are empty but for a square of twelve pixels, one quite empty."""
    x = torch.zeros(2, 3, channels, 28, 28)
    x[:, :2, :, 5:17, 9:21] = torch.rand(2, 2, channels, 12, 12, generator=seeded(1))
    return x.flatten(2)


@pytest.mark.parametrize("channels", [1, 3])
def test_without_the_empty_cells_contents_and_their_gradients_are_the_same(channels):
    found = []
    for views in alike(channels):
        content = views.content(spots(channels))
        content.square().sum().backward()
        found.append([content, *(w.grad for w in views.near.parameters())])
    for slow, quick in zip(*found, strict=True):
        torch.testing.assert_close(quick, slow)


def test_empty_cells_are_not_worked_on():
    worked_on = []
    for views in alike():
        views.to_content.register_forward_hook(lambda _, got, out: worked_on.append(got[0].shape))
        views.content(spots())
    rows = [shape[:-1].numel() for shape in worked_on if len(shape) > 1]
    assert rows == [2 * 3 * 49, 2 * 2 * 4 * 4]  # twelve pixels and their rims lie in 4 x 4 cells


def test_the_gradient_of_a_pixel_without_ink_is_not_lost():
    slow, quick = (
        torch.autograd.grad(views.content(x := spots().requires_grad_()).sum(), x)[0]
        for views in alike()
    )
    torch.testing.assert_close(quick, slow)


def test_pictures_without_any_ink_leave_weights_as_they_are():
    _, quick = alike()
    content = quick.content(torch.zeros(2, 784))
    content.sum().backward()
    assert not content.any()
    assert not quick.near.weight.grad.any()
