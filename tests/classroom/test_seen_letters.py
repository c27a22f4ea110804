"""Tasks of letters through an eye: who stands where, and that the eye learns."""

import pytest
import torch
from torch import nn

from metaxai_lab.classroom.seen_letters import (
    DIM,
    SHOT,
    WAY,
    Seen,
    draw_seen,
    look,
    pictures_of,
    train_eye,
)
from metaxai_lab.core import seeded
from metaxai_lab.tasks import PictureTable


@pytest.fixture
def table():
    """Twelve classes of 8 pictures, 28 x 28, whose brightness says the class."""
    pixels = torch.arange(12).repeat_interleave(8)[:, None].mul(20).expand(96, 784)
    names = tuple(f"class {i}" for i in range(12))
    return PictureTable(pixels.to(torch.uint8).contiguous(), torch.full((12,), 8), names, side=28)


@pytest.fixture
def seen(table):
    """The same classes; the first column of a row spells its class, the second its picture."""
    z = torch.zeros(96, DIM)
    z[:, 0] = torch.arange(12).repeat_interleave(8)
    z[:, 1] = torch.arange(96)
    return Seen(table, z)


def test_a_task_has_five_rows_of_each_of_five_classes_and_none_comes_twice(seen):
    drawn = draw_seen(seen, n_tasks=20, n_query=3, generator=seeded(0))
    assert drawn.support.x.shape == (20, WAY * SHOT, DIM)
    assert drawn.query.x.shape == (20, WAY * 3, DIM)
    for support, query in zip(drawn.support.x, drawn.query.x, strict=True):
        assert len({*support[:, 1].tolist(), *query[:, 1].tolist()}) == WAY * (SHOT + 3)


def test_a_label_stands_for_one_letter_in_support_and_query(seen):
    drawn = draw_seen(seen, n_tasks=20, n_query=3, generator=seeded(0))
    for task in map(drawn.task, range(20)):
        letters = {
            int(label): {
                *task.support.x[task.support.y == label, 0].tolist(),
                *task.query.x[task.query.y == label, 0].tolist(),
            }
            for label in range(WAY)
        }
        assert all(len(of_label) == 1 for of_label in letters.values())
        assert len(set.union(*letters.values())) == WAY


def test_support_rows_come_in_random_order(seen):
    y = draw_seen(seen, n_tasks=50, n_query=1, generator=seeded(0)).support.y
    assert not (y == y.sort(-1).values).all(-1).any()


def test_blur_has_the_size_that_was_asked_for(seen):
    clear, blurred = (
        draw_seen(seen, n_tasks=100, n_query=1, blur=blur, generator=seeded(0)).query.x[..., 5]
        for blur in (0.0, 0.5)
    )
    assert not clear.any()
    assert blurred.std().item() == pytest.approx(0.5, abs=0.08)


def test_the_picture_behind_a_row_is_found(seen, table):
    drawn = draw_seen(seen, n_tasks=2, n_query=1, generator=seeded(0))
    pictures = pictures_of(seen, drawn.query.x)
    wanted = table.pixels[drawn.query.x[..., 1].long()].float() / 255
    torch.testing.assert_close(pictures, wanted)


def test_columns_are_standardised_by_the_first_table_alone(table):
    class Bright(nn.Module):
        def forward(self, x):
            return x[..., :DIM]

    brighter = PictureTable(table.pixels + 10, table.counts, table.names, side=28)
    first, second = look(Bright(), table, brighter)
    torch.testing.assert_close(first.z.mean(0), torch.zeros(DIM), atol=1e-5, rtol=0)
    assert first.z.std().item() == pytest.approx(1, abs=1e-5)
    raw = table.pixels[:, :DIM].float() / 255
    torch.testing.assert_close(second.z - first.z, (10 / 255 / raw.std()).expand(96, DIM))


def test_training_draws_the_pictures_of_a_letter_together(scrawled):
    def apart(steps):
        z = look(train_eye(scrawled, steps=steps, generator=seeded(0)), scrawled)[0].z
        z = z.view(12, 8, DIM)
        return float(z.mean(1).var(0).sum() / z.var(1).mean(0).sum())

    assert apart(60) > 3 * apart(1)


def test_an_eye_is_at_rest_after_training_and_repeats(scrawled):
    one, other = (train_eye(scrawled, steps=2, generator=seeded(0)) for _ in range(2))
    assert not one.training
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.fixture
def scrawled():
    """Twelve classes: a random picture each, half of it covered by noise in each of 8 pictures."""
    g = seeded(1)
    drawn = torch.rand(12, 1, 784, generator=g).expand(12, 8, 784)
    noise = torch.rand(12, 8, 784, generator=g)
    covered = torch.rand(12, 8, 784, generator=g) < 0.5
    pixels = (255 * noise.where(covered, drawn)).to(torch.uint8).reshape(96, 784)
    names = tuple(f"class {i}" for i in range(12))
    return PictureTable(pixels, torch.full((12,), 8), names, side=28)
