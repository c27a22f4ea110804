"""Pictures moved by a few pixels."""

import pytest
import torch

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks import shift_pictures
from metaxai_lab.tasks.shifts import moved

SQUARE = torch.tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])


def episode(n_tasks=2, channels=1, side=5):
    x = torch.rand(n_tasks, 6, channels * side * side, generator=seeded(0))
    y = torch.arange(3).repeat(n_tasks, 2)
    return Episode(Examples(x, y), Examples(x + 1, y))


@pytest.mark.parametrize(
    ("down", "right", "wanted"),
    [
        (0, 0, [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        (1, 0, [[0, 0, 0], [1, 2, 3], [4, 5, 6]]),
        (0, 1, [[0, 1, 2], [0, 4, 5], [0, 7, 8]]),
        (-1, 2, [[0, 0, 4], [0, 0, 7], [0, 0, 0]]),
    ],
)
def test_a_picture_moves_as_on_paper(down, right, wanted):
    assert moved(SQUARE, down, right).tolist() == wanted


def test_what_comes_in_has_the_brightness_of_the_empty():
    assert moved(SQUARE, 0, -2, empty=0.5).tolist() == [[3, 0.5, 0.5], [6, 0.5, 0.5], [9, 0.5, 0.5]]


def test_all_pictures_of_an_episode_move_alike():
    before = episode()
    after = shift_pictures(before, most=2, side=5, generator=seeded(3))
    down, right = torch.randint(-2, 3, (2,), generator=seeded(3)).tolist()
    assert (down, right) != (0, 0)
    for old, new in [(before.support, after.support), (before.query, after.query)]:
        squares = moved(old.x.view(2, 6, 5, 5), down, right)
        assert torch.equal(new.x.view(2, 6, 5, 5), squares)
        assert torch.equal(new.y, old.y)


def test_each_colour_moves_as_the_others():
    before = episode(channels=3)
    after = shift_pictures(before, most=2, side=5, channels=3, generator=seeded(3))
    for colour in range(3):
        plane = slice(25 * colour, 25 * (colour + 1))
        parts = (Examples(p.x[..., plane], p.y) for p in (before.support, before.query))
        alone = shift_pictures(Episode(*parts), most=2, side=5, generator=seeded(3))
        assert torch.equal(after.query.x[..., plane], alone.query.x)


def test_every_move_up_to_the_largest_comes_and_none_beyond():
    generator, seen = seeded(0), set()
    one = torch.zeros(1, 1, 49)
    one[..., 24] = 1  # the middle of 7 x 7
    middle = Examples(one, torch.zeros(1, 1, dtype=torch.int64))
    for _ in range(200):
        x = shift_pictures(Episode(middle, middle), most=1, side=7, generator=generator).query.x
        seen.add(int(x.argmax()))
    assert seen == {24 + 7 * down + right for down in (-1, 0, 1) for right in (-1, 0, 1)}


def test_a_move_of_nothing_changes_nothing():
    before = episode()
    after = shift_pictures(before, most=0, side=5, generator=seeded(0))
    assert torch.equal(after.support.x, before.support.x)


@pytest.mark.parametrize("most", [-1, 5])
def test_a_move_out_of_the_frame_is_refused(most):
    with pytest.raises(ValueError, match=f"0 to 4 pixels, below the side; found {most}"):
        shift_pictures(episode(), most=most, side=5, generator=seeded(0))
