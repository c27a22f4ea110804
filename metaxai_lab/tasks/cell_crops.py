"""Few-shot tasks from pictures of blood: which kind of cell does this square hold?

A square of 128 pixels, reduced to 32, is cut around a cell, which may stand anywhere in it. Other
cells are in it, too, mostly red ones; so a square goes by the rarest kind that it touches: with a
white cell and no platelet it is "white", with a platelet and no white cell "platelet", with
neither "red". The truth is the boxes of all cells of that kind, as far as they reach into it.

There are three classes, the same in training and in test. What is held out is pictures: neighbours
in the published order look alike, so the order is cut (`PARTS`), and no picture serves two splits.
In a task, too, each picture gives one square at most. Chapter: book/attention/pictures.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Generator, Tensor
from torch.nn.functional import avg_pool2d

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.blood_cells import HEIGHT, KINDS, WIDTH, BloodCells
from metaxai_lab.tasks.boxes import box_masks
from metaxai_lab.tasks.sampling import check_sizes, distinct

WINDOW, SIDE = 128, 32  # of a square, before and after it is reduced
SCALE = WINDOW // SIDE
PARTS = {"train": (0.0, 0.6), "test": (0.6, 1.0)}  # of the pictures
TRIES = 4  # squares that are tried for each cell


@dataclass(frozen=True)
class CellCrops:
    """Squares cut from pictures of blood.

    Args:
        pixels: of each square, as rows: red, green and blue one after the other.
        truth: the pixels in a box of the square's kind.
        picture: the picture that it was cut from.
        kind: its place in `KINDS`.
    """

    pixels: UInt8[Tensor, "crop feature"]
    truth: Bool[Tensor, "crop pixel"]
    picture: Int[Tensor, " crop"]
    kind: Int[Tensor, " crop"]


def cell_crops(cells: BloodCells, split: str, *, generator: Generator) -> CellCrops:
    """Cut squares around the cells of a split; those that touch a rarer kind are left out.

    Raises:
        ValueError: if there is no such split.
    """
    if split not in PARTS:
        raise ValueError(f"the splits of blood cells are {', '.join(PARTS)}; found {split!r}.")
    first, last = (round(share * len(cells.pixels)) for share in PARTS[split])
    mine = ((cells.picture >= first) & (cells.picture < last)).nonzero().flatten()
    tried = mine.repeat(TRIES)
    corners = _corners(cells.boxes[tried], generator)
    cut, truth, kept = [], [], []
    for row, corner in zip(tried.tolist(), corners.tolist(), strict=True):
        kinds, boxes = _in_square(cells, row, corner)
        if kinds.min() == cells.kind[row]:
            cut.append(_reduced(cells.pixels[cells.picture[row]], corner))
            truth.append(_mask(boxes[kinds == cells.kind[row]]))
            kept.append(row)
    rows = torch.tensor(kept)
    return CellCrops(torch.stack(cut), torch.stack(truth), cells.picture[rows], cells.kind[rows])


def draw_cell_episodes(
    crops: CellCrops, *, k_shot: int, n_query: int, n_tasks: int, generator: Generator
) -> tuple[Episode, Int[Tensor, "task row"]]:
    """Draw tasks of the three kinds in random order, and the kind of each query.

    `truth` marks the boxes of the query's kind in all its colours. Columns hold brightness from -1
    (black) to 1 (white).

    Raises:
        ValueError: if a number is too small, or pictures do not suffice.
    """
    check_sizes(k_shot=k_shot, n_query=n_query, n_tasks=n_tasks)
    n_rows, n_kinds = k_shot + n_query, len(KINDS)
    rows = torch.stack([_rows_of_task(crops, n_rows, generator) for _ in range(n_tasks)])
    order = distinct(n_kinds, n_kinds, (n_tasks,), generator)
    rows = rows.gather(1, order[..., None].expand_as(rows))
    x = 2 * crops.pixels[rows].float() / 255 - 1
    y = torch.arange(n_kinds).expand(n_tasks, -1)
    support, query = (
        Examples(part.flatten(1, 2), y.repeat_interleave(part.shape[2], 1))
        for part in (x[:, :, :k_shot], x[:, :, k_shot:])
    )
    truth = crops.truth[rows[:, :, k_shot:]].flatten(1, 2)
    truth = truth.repeat(1, 1, x.shape[-1] // truth.shape[-1])
    return Episode(support, query, truth), order.repeat_interleave(n_query, 1)


def _rows_of_task(crops: CellCrops, n_rows: int, generator: Generator) -> Int[Tensor, "kind row"]:
    """Choose squares of different pictures, as many of each kind; the rarest kind chooses first."""
    free = torch.ones(int(crops.picture.max()) + 1, dtype=torch.bool)
    chosen: dict[int, Tensor] = {}
    for kind in crops.kind.bincount(minlength=len(KINDS)).argsort().tolist():
        keys = torch.rand(len(crops.kind), generator=generator)
        keys = keys.where((crops.kind == kind) & free[crops.picture], -1)
        best = torch.zeros(len(free)).scatter_reduce(0, crops.picture, keys, "amax")
        if int((best > 0).sum()) < n_rows:
            raise ValueError(
                f"a task needs {n_rows} pictures with squares of each kind of cell; found "
                f"{int((best > 0).sum())} for {KINDS[kind]!r}. Lower k_shot or n_query."
            )
        chosen[kind] = keys.where(keys == best[crops.picture], -1).topk(n_rows).indices
        free[crops.picture[chosen[kind]]] = False
    return torch.stack([chosen[kind] for kind in range(len(KINDS))])


def _corners(boxes: Float[Tensor, "cell 4"], generator: Generator) -> Int[Tensor, "cell 2"]:
    """Return where squares begin that hold each cell, anywhere in them, or are full of it."""
    most = torch.tensor([WIDTH, HEIGHT]) - WINDOW
    ends = torch.stack([boxes[:, 2:] - WINDOW, boxes[:, :2]]).sort(0).values
    low, high = (end.clamp(min=0).minimum(most) for end in (ends[0].ceil(), ends[1].floor()))
    share = torch.rand(len(boxes), 2, generator=generator)
    return (low + share * (high - low + 1)).long().minimum(most)


def _in_square(
    cells: BloodCells, row: int, corner: list[int]
) -> tuple[Int[Tensor, " found"], Float[Tensor, "found 4"]]:
    """Return kinds and boxes of the cells that reach into a square, measured from its corner."""
    same = cells.picture == cells.picture[row]
    boxes = (cells.boxes[same] - torch.tensor(corner * 2)).clamp(0, WINDOW)
    seen = (boxes[:, :2] < boxes[:, 2:]).all(1)
    return cells.kind[same][seen], boxes[seen]


def _mask(boxes: Float[Tensor, "box 4"]) -> Bool[Tensor, " pixel"]:
    """Mark the pixels, after the square is reduced, that a box touches."""
    small = torch.cat([(boxes[:, :2] / SCALE).floor(), (boxes[:, 2:] / SCALE).ceil()], 1)
    return box_masks(small.long(), SIDE).any(0)


def _reduced(
    picture: UInt8[Tensor, "channel height width"], corner: list[int]
) -> UInt8[Tensor, " feature"]:
    left, top = corner
    square = picture[:, top : top + WINDOW, left : left + WINDOW].float()
    return avg_pool2d(square, SCALE).round().to(torch.uint8).flatten()
