"""Squares of blood cells: the class is what they hold, the truth is its boxes, pictures apart."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks import is_here
from metaxai_lab.tasks.blood_cells import KINDS, BloodCells, blood_cells
from metaxai_lab.tasks.cell_crops import (
    PARTS,
    SIDE,
    CellCrops,
    cell_crops,
    draw_cell_episodes,
)

WHITE, PLATELET, RED = range(3)
SIZES = {WHITE: 60.0, PLATELET: 20.0, RED: 40.0}


def painted(placed, n_pictures=10):
    """Make pictures in which a cell of kind k has the brightness 50 (k + 1), in all colours.

    Args:
        placed: (picture, kind, left, top) of each cell.
    """
    pixels = torch.zeros(n_pictures, 3, 240, 320, dtype=torch.uint8)
    boxes = []
    for picture, kind, left, top in placed:
        size = int(SIZES[kind])
        pixels[picture, :, top : top + size, left : left + size] = 50 * (kind + 1)
        boxes.append([left, top, left + size, top + size])
    picture, kind = (torch.tensor([cell[i] for cell in placed]) for i in (0, 1))
    return BloodCells(pixels, picture, kind, torch.tensor(boxes, dtype=torch.float32), 0)


def one_kind_a_picture(n_pictures=90):
    """Cells far from each other: picture p holds one cell of kind p mod 3, in the middle."""
    return painted([(p, p % 3, 120, 90) for p in range(n_pictures)], n_pictures)


def test_the_truth_lies_on_the_cell():
    crops = cell_crops(one_kind_a_picture(), "train", generator=seeded(0))
    bright = crops.pixels[:, : SIDE**2] >= 50
    assert bool((bright <= crops.truth).all())
    assert float(crops.truth.sum() / bright.sum()) < 1.6  # the rim of a cell is darker


def test_the_cell_stands_anywhere_in_the_square():
    crops = cell_crops(one_kind_a_picture(), "train", generator=seeded(0))
    masks = crops.truth[crops.kind == PLATELET].view(-1, SIDE, SIDE)
    tops = torch.stack([mask.any(1).nonzero().min() for mask in masks]).float()
    assert tops.min() < 4
    assert tops.max() > 18


def test_a_square_that_touches_a_rarer_kind_is_left_out():
    cells = painted([(0, RED, 100, 100), (0, WHITE, 142, 100)])
    crops = cell_crops(cells, "train", generator=seeded(0))
    reaches = (crops.pixels[:, : SIDE**2] == 50).any(1)  # white cells are painted 50
    assert bool((crops.kind[reaches] == WHITE).all())
    assert int((crops.kind == WHITE).sum()) == 4


def test_the_truth_holds_all_cells_of_the_kind():
    crops = cell_crops(painted([(0, RED, 10, 10), (0, RED, 60, 10)]), "train", generator=seeded(0))
    bright = crops.pixels[:, : SIDE**2] == 150
    assert bool((bright <= crops.truth).all())
    assert int(crops.truth.sum(1).max()) >= 2 * 10 * 10


def test_no_picture_serves_two_splits():
    cells = one_kind_a_picture()
    train, test = (cell_crops(cells, split, generator=seeded(0)) for split in PARTS)
    assert int(train.picture.max()) < int(test.picture.min())


def test_a_split_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="blood cells are train, test; found 'dev'"):
        cell_crops(one_kind_a_picture(), "dev", generator=seeded(0))


def numbered(per_picture=3, n_pictures=30):
    """Squares whose pixels say their picture, each picture with squares of all kinds."""
    picture = torch.arange(n_pictures).repeat_interleave(3 * per_picture)
    kind = torch.arange(3).repeat(n_pictures * per_picture)
    pixels = picture.to(torch.uint8)[:, None].expand(-1, 3 * SIDE**2).contiguous()
    truth = (kind[:, None] == torch.arange(SIDE**2)).contiguous()
    return CellCrops(pixels, truth, picture, kind)


def test_no_picture_is_met_twice_in_a_task():
    episode, _ = draw_cell_episodes(
        numbered(), k_shot=4, n_query=4, n_tasks=20, generator=seeded(0)
    )
    met = torch.cat([episode.support.x, episode.query.x], 1)[..., 0]
    assert all(len(task.unique()) == 24 for task in met)


def test_kinds_stand_in_random_order_and_are_told():
    episode, kinds = draw_cell_episodes(
        numbered(), k_shot=1, n_query=2, n_tasks=40, generator=seeded(0)
    )
    marked = episode.truth[..., :3].float().argmax(-1)
    assert torch.equal(kinds, marked)
    assert len({tuple(task) for task in kinds.tolist()}) == 6
    assert episode.query.y[0].tolist() == [0, 0, 1, 1, 2, 2]


def test_too_few_pictures_are_said():
    with pytest.raises(ValueError, match=r"a task needs 5 pictures .*Lower k_shot or n_query"):
        draw_cell_episodes(
            numbered(n_pictures=6), k_shot=3, n_query=2, n_tasks=1, generator=seeded(0)
        )


@pytest.mark.skipif(not is_here("bccd"), reason="needs the set bccd")
def test_the_set_gives_tasks_of_all_kinds_from_test_pictures():
    crops = cell_crops(blood_cells(), "test", generator=seeded(0))
    episode, kinds = draw_cell_episodes(crops, k_shot=5, n_query=5, n_tasks=4, generator=seeded(0))
    covered = episode.truth.float().mean(-1)
    assert len(KINDS) == len(kinds.unique())
    assert float(covered[kinds == PLATELET].mean()) < 0.1 < float(covered[kinds == WHITE].mean())
