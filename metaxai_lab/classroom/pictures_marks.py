"""Marks for a map of where a model looked: contours, textures and the object, with intervals.

Maps give a number to each cell, 0 or more. A task is one draw of classes; pictures of a task share
its support set, so that an interval is taken over tasks, never over pictures. Chapter:
book/attention/pictures.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.evaluation.energies import by_cell, edge_energy, texture_energy
from metaxai_lab.evaluation.intervals import t_interval

CELL = 4  # side of a cell, in pixels
Cells = Float[Tensor, "*batch cell"]
Rows = Float[Tensor, "*batch"]
Marks = dict[str, dict[str, Float[Tensor, " task"]]]


def lifts(maps: Cells, cover: Cells) -> Float[Tensor, "*batch"]:
    """Return the mass in the mask as a multiple of its share of the area, picture by picture.

    Args:
        cover: the share of each cell that the mask covers. A cell's mass is spread over its pixels.
    """
    total, area = maps.sum(-1), cover.mean(-1)
    inside = (maps * cover).sum(-1) / total.where(total > 0, 1)
    return inside.where(total > 0, area) / area


def partial_correlation(one: Cells, other: Cells, known: Cells) -> Float[Tensor, "*batch"]:
    """Return what two maps still share, as ranks, once what `known` tells of both is taken away."""
    direct, a, b = (rank_correlation(*p) for p in ((one, other), (one, known), (other, known)))
    return (direct - a * b) / ((1 - a**2) * (1 - b**2)).clamp(min=1e-6).sqrt()


def correlation_where(one: Cells, other: Cells, where: Bool[Tensor, "*batch cell"]) -> Rows:
    """Return the rank correlation of two maps over the chosen cells of each picture alone.

    It is 0 where one of them has no order there.
    """
    a, b = (_ranks_where(map_, where) for map_ in (one, other))
    length = a.norm(dim=-1) * b.norm(dim=-1)
    return (a * b).sum(-1) / length.where(length > 0, 1)


def _ranks_where(values: Cells, where: Bool[Tensor, "*batch cell"]) -> Cells:
    """Return the ranks among the chosen cells, less their mean; 0 elsewhere."""
    mine, others = values[..., :, None], values[..., None, :]
    below = (others < mine).float() + 0.5 * (others == mine).float()
    ranks = (below * where[..., None, :]).sum(-1)
    n = where.sum(-1, keepdim=True).clamp(min=1)
    mean = (ranks * where).sum(-1, keepdim=True) / n
    return (ranks - mean) * where


def cover_of(truth: Bool[Tensor, "*batch pixel"]) -> Cells:
    """Return the share of each cell that belongs to the letter."""
    return by_cell(truth.float(), CELL)


def judge(maps: Mapping[str, Cells], x: Float[Tensor, "task row pixel"], cover: Cells) -> Marks:
    """Mark each map against edges, texture and object: by name, by question, a mean for each task.

    "edges beyond" and "texture beyond" leave out what the object explains, "object beyond" what
    edges explain. "edges on ground" and "texture on ground" ask about the cells without the object.
    """
    ground = cover == 0
    edges, texture = edge_energy(x, cell=CELL), texture_energy(x, cell=CELL)
    marks: Marks = {}
    for name, map_ in maps.items():
        by_row = {
            "edges": rank_correlation(map_, edges),
            "texture": rank_correlation(map_, texture),
            "object": rank_correlation(map_, cover),
            "edges beyond": partial_correlation(map_, edges, cover),
            "texture beyond": partial_correlation(map_, texture, cover),
            "object beyond": partial_correlation(map_, cover, edges),
            "edges on ground": correlation_where(map_, edges, ground),
            "texture on ground": correlation_where(map_, texture, ground),
            "lift": lifts(map_, cover),
        }
        marks[name] = {what: rows.mean(-1) for what, rows in by_row.items()}
    return marks


@dataclass(frozen=True)
class Interval:
    """A mean over tasks, its 95 % interval by Student's t, and the mean of each run."""

    mean: float
    low: float
    high: float
    runs: tuple[float, ...]


def interval(runs: Sequence[Marks], name: str, what: str) -> Interval:
    """Return the mean over all tasks of all runs (seeds), with its interval."""
    parts = [run[name][what] for run in runs]
    found = t_interval(torch.cat(parts))
    return Interval(found.mean, found.low, found.high, tuple(float(p.mean()) for p in parts))
