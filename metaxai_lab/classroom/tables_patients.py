"""How sure a lead is where groups are few: each row of a group is judged, and rows are drawn again.

Four hospitals are too few for an interval over hospitals. But each has a hundred patients or more.
Every patient is judged by learners that saw others of the same hospital, many draws of them; what
is drawn again, within each hospital, is the patients. Such an interval speaks of patients of these
hospitals, and of no other hospital. Source: Efron (1979).
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.tables_study import Fold, rows_of
from metaxai_lab.core import Examples
from metaxai_lab.evaluation.intervals import Interval
from metaxai_lab.learners import LinearModel

Lines = Callable[[Examples], Mapping[str, LinearModel]]  # stacked support rows -> who says what


def row_errors(
    fold: Fold, lines: Lines, k: int, *, n_draws: int = 100, generator: Generator
) -> dict[str, Float[Tensor, " row"]]:
    """Return for each row of the group left out the mean squared error over draws without it.

    Args:
        lines: fits the models of a stack of support sets.
        k: support rows of a draw.
    """
    rows = rows_of(fold.table, fold.out)
    x, y = fold.table.x[rows], fold.table.y[rows]
    order = torch.rand(n_draws, len(y), generator=generator).argsort(-1)
    seen = torch.zeros(n_draws, len(y)).scatter_(1, order[:, :k], 1.0)
    support = Examples(x[order[:, :k]], y[order[:, :k]])
    with torch.no_grad():
        found = lines(support)
        asked = x.expand(n_draws, -1, -1)
        wrong = {name: (line(asked)[..., 0] - y).square() for name, line in found.items()}
    left = 1 - seen
    return {name: (each * left).sum(0) / left.sum(0) for name, each in wrong.items()}


def over_rows(
    groups: Sequence[Float[Tensor, " _"]], *, n_draws: int = 2000, generator: Generator
) -> Interval:
    """Return the mean over groups of their mean, with a 95 % interval over rows in each group."""
    drawn = [
        each[torch.randint(len(each), (n_draws, len(each)), generator=generator)].mean(-1)
        for each in groups
    ]
    low, high = torch.stack(drawn).mean(0).quantile(torch.tensor([0.025, 0.975])).tolist()
    return Interval(float(torch.stack([each.mean() for each in groups]).mean()), low, high)
