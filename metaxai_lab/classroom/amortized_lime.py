"""LIME, amortised: planes from few points are the labels, and a network learns what they agree on.

LIME's values need not add up to a number known beforehand, so the shares are taken as the network
writes them. Source: Covert et al. (2024) for learning from noisy labels.
Chapter: book/local/amortized.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.amortized_study import Case
from metaxai_lab.core import seeded
from metaxai_lab.explainers import StoredValues, Training, learned, lime
from metaxai_lab.explainers.stored_values import more_rows

Rows = Float[Tensor, "row feature"]
N_LABELS = 4_000
FEW, MANY = 200, 20_000  # points of a plane
GROUPS = 64  # of rows that share their points


@dataclass(frozen=True)
class Planes:
    """LIME's values of the rows of a case, three times.

    Args:
        few: from few points, as the labels are.
        many: from many points, the judge.
        learned: from a network that was trained on planes of few points.
    """

    few: Rows
    many: Rows
    learned: Rows


def planes(of: Case, *, seed: int, training: Training) -> Planes:
    """Train on planes of few points; return what they, the network and many points say."""
    generator = seeded(seed)
    stored = lime_labels(of, N_LABELS, generator)
    net = learned(of.game, stored, training=training, generator=generator).net
    few = plane_values(of, of.rows, FEW, generator)
    with torch.no_grad():
        return Planes(few, plane_values(of, of.rows, MANY, seeded(99)), net(of.rows[None])[0])


def lime_labels(of: Case, n_rows: int, generator: Generator) -> StoredValues:
    """Store what LIME says of rows from few points, with other points for each group of rows."""
    rows = more_rows(of.local.data, n_rows, generator=generator)
    values = torch.cat([plane_values(of, part, FEW, generator) for part in rows.chunk(GROUPS)])
    singles = torch.eye(rows.shape[1]).to(rows).expand(*rows.shape, rows.shape[1])
    asked = n_rows + GROUPS * (FEW - 1)
    return StoredValues(rows, singles, values, values.sum(-1), 0.0, asked)


def plane_values(of: Case, rows: Rows, n_points: int, generator: Generator) -> Rows:
    """Return LIME's values: slope times how far the row lies from the table's mean."""
    return lime(
        of.local.model,
        rows,
        target=0,
        background=of.local.data,
        n_samples=n_points,
        generator=generator,
    ).values
