"""Which column of a log does its explanation find suspect, and what is the model without it?

Which sensors physics may have at work in a failure is known in the hall. A column that none of the
rules names, and whose values are large all the same, is suspect; it is closed, and the nets are
trained again. Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.manufacturing_study import Hall
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.tasks.machines import COLUMNS, IDLE, Runs

LEAST = 1.0  # log-odds: from this mean size on, a column that no rule names is suspect
VOLTS = 9.0  # by which the voltage of a machine that stands is higher


def sizes(one: Hall, n: int = 60) -> Float[Tensor, " column"]:
    """Return the mean size of each column's exact values, over failures of the hall's own log."""
    rows = one.seen.x[one.seen.failed][:n]
    with torch.no_grad():
        said = one.nets(rows).argmax(-1)
    game = Game(one.nets, one.background, target=said)
    return exact_shapley(game, rows).values.abs().mean(0)


def suspect(size: Float[Tensor, " column"], least: float = LEAST) -> str | None:
    """Return the largest column that no rule names, if its mean size reaches `least`; or None."""
    unnamed = {name: float(size[COLUMNS.index(name)]) for name in IDLE}
    first = max(unnamed, key=unnamed.__getitem__)
    return first if unnamed[first] >= least else None


def after_the_stop(seen: Runs) -> Tensor:
    """Return a log whose voltage was read after the stop: a stopped machine draws less current."""
    x = seen.x.clone()
    x[:, COLUMNS.index("voltage")] += VOLTS * seen.failed
    return x


def closing(column: str) -> Callable[[Runs], Tensor]:
    """Return what gives the log of `after_the_stop` with one column held at its first value."""

    def closed(seen: Runs) -> Tensor:
        x = after_the_stop(seen)
        place = COLUMNS.index(column)
        x[:, place] = x[0, place]
        return x

    return closed
