"""Halls of machines: what makes machines wear is the same in each hall, what goes along is not.

Load warms a machine; load and heat wear it. So does age, which nobody wrote down. Old machines hum,
and how much they do hangs on the hall, its floor and its walls: so hum goes along with wear by
another amount in each hall, and stops nothing where it is damped. The paint does nothing. A model
is a factory with its own mechanisms; its environments are halls, which differ in the hum alone.
Source: Peters, Bühlmann & Meinshausen (2016) for environments. Chapter:
book/outlook/causes_and_logic.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Examples
from metaxai_lab.tasks.causal import CausalModel, causal_model
from metaxai_lab.tasks.sampling import check_sizes

NAMES = ("load", "heat", "age", "wear", "hum", "paint")
COLUMNS = ("load", "heat", "hum", "paint")  # what a learner sees; wear is the target
CAUSES, FOLLOWER = (0, 1), 2  # places in COLUMNS
HUMS = (-0.5, 2.0)  # age -> hum, from hall to hall; widened from NARROW after a trial
NARROW = (0.0, 2.0)  # halls among which the hum never turns
ELSEWHERE = (-1.5, -0.5)  # the same in a hall of another kind, where old machines were damped


@dataclass(frozen=True)
class Halls:
    """Rows of many factories, each with its halls.

    Args:
        known: what was seen in the halls one has, (model, environment, row).
        new: the same for a hall of another kind, one for each model.
        models: the mechanisms of the halls one has.
    """

    known: Examples
    new: Examples
    models: CausalModel


def draw_halls(
    n_models: int,
    n_halls: int,
    n_rows: int,
    *,
    differ: float = 1.0,
    hums: tuple[float, float] = HUMS,
    generator: Generator,
) -> Halls:
    """Draw factories with their halls, and for each a hall of another kind.

    Args:
        n_rows: of a hall.
        differ: how far halls of one factory differ in the hum: 1 for all of `hums`, 0 not at all.
        hums: least and greatest weight of age on the hum, from hall to hall.

    Raises:
        ValueError: if a number is below 1, or `differ` is not between 0 and 1.
    """
    check_sizes(n_models=n_models, n_halls=n_halls, n_rows=n_rows)
    if not 0 <= differ <= 1:
        raise ValueError(f"differ lies between 0, all alike, and 1; found {differ}.")

    def between(low: float, high: float, n: int = 1) -> Float[Tensor, "model n"]:
        return low + (high - low) * torch.rand(n_models, n, generator=generator).double()

    fixed = {
        ("load", "heat"): between(0.3, 0.8),
        ("load", "wear"): between(0.5, 1.0),
        ("heat", "wear"): between(0.5, 1.0),
        ("age", "wear"): between(2.0, 3.0),
    }
    noise = {"wear": between(0.5, 1.0), "hum": between(0.5, 1.0)}
    usual = sum(hums) / 2
    steps = (torch.arange(n_halls) + between(0.0, 1.0, n_halls)) / n_halls  # one in each part
    told = usual + differ * (hums[0] + (hums[1] - hums[0]) * steps - usual)
    models = causal_model(NAMES, {**fixed, ("age", "hum"): told}, noise=noise)
    other = causal_model(NAMES, {**fixed, ("age", "hum"): between(*ELSEWHERE)}, noise=noise)
    return Halls(_seen(models, n_rows, generator), _seen(other, n_rows, generator), models)


def _seen(models: CausalModel, n_rows: int, generator: Generator) -> Examples:
    """Return the columns that a learner sees, and the wear."""
    rows = models.rows(models.draw_noise(n_rows, generator=generator))
    places = torch.tensor([models.place(name) for name in COLUMNS], device=rows.device)
    return Examples(rows.index_select(-1, places), rows[..., models.place("wear")])
