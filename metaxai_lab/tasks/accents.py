"""Letters with marks: one picture, two kinds of task, two right explanations.

In a mark task the classes are marks and the letters below them vary; in a base task the classes are
letters and the marks vary. The pixels of mark and letter are known, so the right place to look is
known too, and it moves with the task while the picture stays the same. Letters are split, so that
test tasks show letters never seen in training. Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Int, UInt8
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks.accent_drawing import INK, accented_letters
from metaxai_lab.tasks.sampling import check_sizes, distinct
from metaxai_lab.tasks.typefaces import SIDE

Kind = Literal["mark", "base"]
Choice = Int[Tensor, "task way shot"]
SPLITS = {
    "train": (0.0, 0.65),
    "validation": (0.65, 0.8),
    "test": (0.8, 1.0),
}  # shares of the letters


@dataclass(frozen=True)
class AccentTable:
    """Every base letter with every mark, in twelve faces, resident in memory.

    Args:
        pixels: brightness from 0 to 255.
        mark_pixels: where the mark's ink is.
        bases: the letters.
        marks: the names of the marks.
        side: height and width of a picture, in pixels.
    """

    pixels: UInt8[Tensor, "base mark item feature"]
    mark_pixels: Bool[Tensor, "base mark item feature"]
    bases: tuple[str, ...]
    marks: tuple[str, ...]
    side: int

    def to(self, device: torch.device | str) -> "AccentTable":
        """Return the same table on `device`."""
        pixels, mark_pixels = self.pixels.to(device), self.mark_pixels.to(device)
        return AccentTable(pixels, mark_pixels, self.bases, self.marks, self.side)


def accents(split: str) -> AccentTable:
    """Return the letters of a split with all marks; each letter belongs to one split only.

    Raises:
        ValueError: if there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"the splits of the accents are {', '.join(SPLITS)}; found {split!r}.")
    drawn = accented_letters()
    order = torch.randperm(len(drawn.bases), generator=seeded(0))
    first, last = (round(share * len(order)) for share in SPLITS[split])
    rows = order[first:last].sort().values
    bases = tuple(drawn.bases[row] for row in rows.tolist())
    return AccentTable(drawn.pixels[rows], drawn.mark_pixels[rows], bases, drawn.marks, SIDE)


def draw_accent_episodes(
    table: AccentTable,
    *,
    kinds: Sequence[Kind],
    n_way: int,
    k_shot: int,
    n_query: int,
    generator: Generator,
) -> Episode:
    """Draw one task for each of `kinds`, stacked; `truth` marks the pixels that define the class.

    A class shows each part that is not its own at most once: in a mark task no letter comes twice
    under the same mark, so the query letters are new to their class.

    Raises:
        ValueError: if a number is too small or too large for the table, or a kind is unknown.
    """
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=n_query, n_tasks=len(kinds))
    _check_kinds(kinds)
    size = (n_way, k_shot + n_query, len(kinds))
    _check_table(table, n_way=n_way, n_rows=k_shot + n_query)
    is_mark = torch.tensor([kind == "mark" for kind in kinds])[:, None, None]
    n_bases, n_marks = len(table.bases), len(table.marks)
    own_base, own_mark = (_classes(n, *size, generator) for n in (n_bases, n_marks))
    other_base, other_mark = (_others(n, *size, generator) for n in (n_bases, n_marks))
    base = torch.where(is_mark, other_base, own_base)
    mark = torch.where(is_mark, own_mark, other_mark)
    index = _pictures(table, base, mark, generator)
    support, query = index[..., :k_shot], index[..., k_shot:]
    return Episode(_rows(table, support), _rows(table, query), _truth(table, query, is_mark))


def draw_twin_episodes(
    table: AccentTable, *, n_way: int, k_shot: int, n_tasks: int, generator: Generator
) -> tuple[Episode, Episode]:
    """Draw mark tasks and base tasks that ask about the very same query pictures.

    Class i of both tasks is asked with one picture: mark i on letter i. The labels are the same
    too; only the support rows tell which part of the picture matters.

    Returns:
        the mark tasks and the base tasks, stacked alike.
    """
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=1, n_tasks=n_tasks)
    _check_table(table, n_way=n_way, n_rows=k_shot + 1)
    size = (n_way, k_shot, n_tasks)
    n_bases, n_marks = len(table.bases), len(table.marks)
    base, mark = (_classes(n, *size, generator) for n in (n_bases, n_marks))
    asked_base, asked_mark = base[..., :1], mark[..., :1]
    other_base = _others(n_bases, *size, generator, without=asked_base)
    other_mark = _others(n_marks, *size, generator, without=asked_mark)
    asked = _pictures(table, asked_base, asked_mark, generator)
    by_mark = _pictures(table, other_base, mark, generator)
    by_base = _pictures(table, base, other_mark, generator)
    yes = torch.ones(n_tasks, 1, 1, dtype=torch.bool)
    query = _rows(table, asked)
    return (
        Episode(_rows(table, by_mark), query, _truth(table, asked, yes)),
        Episode(_rows(table, by_base), query, _truth(table, asked, ~yes)),
    )


def _classes(
    n: int, n_way: int, n_rows: int, n_tasks: int, generator: Generator
) -> Int[Tensor, "task way shot"]:
    """Choose the things that are the classes; all rows of a class show its own."""
    return distinct(n, n_way, (n_tasks,), generator)[..., None].expand(-1, -1, n_rows)


def _others(
    n: int,
    n_way: int,
    n_rows: int,
    n_tasks: int,
    generator: Generator,
    *,
    without: Int[Tensor, "task way one"] | None = None,
) -> Choice:
    """Choose the things that vary: different ones for the rows of a class, never `without`."""
    keys = torch.rand(n_tasks, n_way, n, generator=generator)
    if without is not None:
        keys = keys.scatter(-1, without, -1.0)
    return keys.topk(n_rows).indices


def _pictures(
    table: AccentTable, base: Choice, mark: Choice, generator: Generator
) -> Int[Tensor, "task way shot"]:
    """Choose a face for each letter with its mark; return the place in the flattened table."""
    n_items = table.pixels.shape[2]
    item = torch.randint(n_items, base.shape, generator=generator)
    index = (base * len(table.marks) + mark) * n_items + item
    return index.to(table.pixels.device)


def _rows(table: AccentTable, index: Int[Tensor, "task way shot"]) -> Examples:
    n_tasks, n_way, n_rows = index.shape
    pixels = table.pixels.flatten(0, 2).index_select(0, index.flatten())
    y = torch.arange(n_way, device=index.device).repeat_interleave(n_rows)
    x = pixels.to(torch.float32).div_(255).view(n_tasks, n_way * n_rows, -1)
    return Examples(x, y.repeat(n_tasks, 1))


def _truth(
    table: AccentTable, index: Int[Tensor, "task way shot"], is_mark: Bool[Tensor, "task 1 1"]
) -> Bool[Tensor, "task row feature"]:
    """Mark the ink that defines the class: the mark's, or all other ink."""
    of_mark = table.mark_pixels.flatten(0, 2).index_select(0, index.flatten())
    ink = table.pixels.flatten(0, 2).index_select(0, index.flatten()) >= INK
    shape = (len(index), -1, table.side**2)
    of_mark, ink = of_mark.view(shape), ink.view(shape)
    return torch.where(is_mark.to(ink.device), of_mark, ink & ~of_mark)


def _check_table(table: AccentTable, *, n_way: int, n_rows: int) -> None:
    for things, names in (("letters", table.bases), ("marks", table.marks)):
        if max(n_way, n_rows) > len(names):
            raise ValueError(
                f"{n_way}-way episodes with {n_rows} rows a class need {max(n_way, n_rows)} "
                f"different {things}; the table has {len(names)}. Lower n_way, k_shot or n_query."
            )


def _check_kinds(kinds: Sequence[str]) -> None:
    unknown = sorted(set(kinds) - {"mark", "base"})
    if unknown:
        raise ValueError(f"a task is of the kind 'mark' or 'base'; found {', '.join(unknown)}.")
