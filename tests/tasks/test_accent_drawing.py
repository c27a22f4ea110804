"""Drawing accents: two layers of ink, no letter twice, every mark where it belongs."""

import torch

from metaxai_lab.tasks.accent_drawing import BELOW, MARKS, accented_letters, base_letters

DRAWN = accented_letters()


def middle_row(mask):
    """Return the mean row of the marked pixels, from 0 at the top."""
    rows = torch.arange(28.0).repeat_interleave(28)
    return (mask * rows).sum(-1) / mask.sum(-1)


def test_every_letter_stands_with_every_mark_in_twelve_faces():
    assert DRAWN.pixels.shape == (len(DRAWN.bases), len(MARKS), 12, 784)
    assert DRAWN.mark_pixels.any(-1).all()


def test_twins_are_one_letter():
    letters = set(base_letters())
    assert "A" in letters
    assert not letters & {"\u0391", "\u0410", "c", "v"}  # Greek and Cyrillic A; small twins
    assert {"C", "b"} <= letters


def test_a_mark_stands_on_its_side_of_the_letter():
    ink = DRAWN.pixels >= 64
    letter = ink & ~DRAWN.mark_pixels
    lower = middle_row(DRAWN.mark_pixels) > middle_row(letter)
    is_below = torch.tensor([mark in BELOW for mark in MARKS])
    assert torch.equal(lower, is_below[None, :, None].expand_as(lower))


def test_the_mark_takes_a_small_part_of_the_ink():
    share = DRAWN.mark_pixels.sum(-1) / (DRAWN.pixels >= 64).sum(-1)
    assert 0.05 < share.mean() < 0.4


def test_no_ink_is_cut_off_at_the_edge():
    pixels = DRAWN.pixels.view(-1, 28, 28)
    edge = torch.cat([pixels[:, [0, -1]].flatten(1), pixels[:, :, [0, -1]].flatten(1)], 1)
    assert (edge > 64).any(1).float().mean() < 0.01


def test_the_same_letter_without_jitter_would_differ_only_by_its_mark():
    """The letters under two marks have the same amount of ink, up to jitter."""
    letter = ((DRAWN.pixels >= 64) & ~DRAWN.mark_pixels).sum(-1).float().mean(2)
    assert ((letter / letter.mean(1, keepdim=True) - 1).abs() < 0.35).all()
