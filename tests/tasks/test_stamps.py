"""Stamps say what they should, lie where they may, and touch nothing else."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks import stamped
from metaxai_lab.tasks.stamps import FAINTEST, STAMP, corners


def blank(n_tasks=3, n_way=5, n_rows=4, side=28):
    y = torch.arange(n_way).repeat_interleave(n_rows).repeat(n_tasks, 1)
    return Episode(*(Examples(torch.zeros(*y.shape, side**2), y) for _ in range(2)))


def shades(part):
    """The pictures are blank, so the strongest ink is the stamp's shade."""
    return part.x.amax(-1)


def shade_of_class(episode):
    return torch.stack([shades(episode.support)[..., 4 * c] for c in range(5)], -1)


def test_each_class_of_a_task_has_one_shade_of_its_own():
    episode, _ = stamped(blank(), says="the class", generator=seeded(0))
    wanted = torch.linspace(FAINTEST, 1, 5)
    for task in range(3):
        found = shades(episode.support)[task].view(5, 4)
        assert (found == found[:, :1]).all()
        torch.testing.assert_close(found[:, 0].sort().values, wanted)


def test_a_query_stamp_that_tells_the_class_has_the_shade_of_its_support():
    episode, _ = stamped(blank(), says="the class", generator=seeded(0))
    assert torch.equal(shades(episode.query), shades(episode.support))


def test_a_stamp_that_misleads_has_the_shade_of_another_class_of_the_task():
    episode, _ = stamped(blank(), says="another", generator=seeded(0))
    told = shades(episode.query)[..., None] == shade_of_class(episode)[:, None]
    assert (told.sum(-1) == 1).all()
    assert (told.float().argmax(-1) != episode.query.y).all()


def test_a_stamp_that_says_nothing_varies_within_a_class_of_the_support():
    episode, _ = stamped(blank(), says="nothing", generator=seeded(0))
    assert (shades(episode.support).view(3, 5, 4).std(-1) > 0).any()


def test_a_stamp_that_is_left_out_leaves_the_query_as_it_was():
    episode, where = stamped(blank(), says="left out", generator=seeded(0))
    assert not episode.query.x.any()
    assert not where.any()
    assert (shades(episode.support) > 0).all()


def test_a_stamp_fills_one_corner_and_no_other_pixel_changes():
    drawn = blank()
    drawn.query.x[:] = 0.5
    episode, where = stamped(drawn, says="the class", generator=seeded(0))
    assert (where.sum(-1) == STAMP**2).all()
    assert (episode.query.x[~where] == 0.5).all()
    assert torch.equal(where.flatten(0, -2).unique(dim=0), corners(28).unique(dim=0))


def test_the_right_reason_is_the_ink_beside_the_stamp():
    drawn = blank()
    drawn.query.x[..., 400] = 0.7
    episode, where = stamped(drawn, says="the class", generator=seeded(0))
    assert episode.truth is not None
    assert episode.truth.sum() == episode.query.y.numel()
    assert not (episode.truth & where).any()


def test_four_stamps_lie_in_four_corners():
    marks = corners(13).view(4, 13, 13)
    assert [bool(marks[i][r, c]) for i, (r, c) in enumerate(((0, 0), (0, 12), (12, 0), (12, 12)))]
    assert (marks.sum(0) <= 1).all()


def test_stamps_that_would_touch_are_refused():
    with pytest.raises(ValueError, match="need a side of 13 pixels; found 12"):
        corners(12)


def test_an_unknown_message_is_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="found 'a lie'"):
        stamped(blank(), says="a lie", generator=seeded(0))
