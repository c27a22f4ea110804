"""Branches of a bank, made by code: shared rules for points, known weights, and an unfair column.

Each branch gives an applicant points, and from `CUT` points on the answer is yes. What is shared
between branches is the rough size of each weight; what differs is how strict a branch is, and how
much it makes of years in the job, of savings and of the loan, of which even the sign may turn. The
planted fault: past points were lower for people of one district. Most of a protected group lives
there, and whether a loan is paid back does not depend on it. The protected group is no column; an
auditor knows it.
Chapter: book/applications/finance.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.tasks.task_table import TaskTable

CUT = 50.0  # points from which the answer is yes
NAMES = ("income", "debts", "late", "job", "savings", "loan", "age", "district", "distance")
UNITS = ("thousand a year", "% of income", "in 3 years", "years", "months of income")
UNITS += ("months of income", "years", "0 or 1", "km")
LOW = (12.0, 0.0, 0.0, 0.0, 0.0, 1.0, 21.0, 0.0, 0.0)
HIGH = (120.0, 60.0, 6.0, 30.0, 12.0, 24.0, 70.0, 1.0, 30.0)
STEP = (1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 1.0, 1.0, 1.0)  # to which a file rounds
MIDDLE = (36.0, 20.0, 1.0, 6.0, 3.0, 10.0, 42.0, 0.4, 8.0)
SPREAD = (14.0, 12.0, 1.0, 5.5, 2.5, 5.0, 12.0, 0.5, 4.5)  # of one applicant, about
SHARED = (5.0, -6.0, -6.0, 3.0, 3.0, -4.0, 1.0, -5.0, 0.0)  # points for one spread more
DIFFER = (0.7, 0.7, 0.7, 3.0, 3.0, 3.0, 0.5, 1.5, 0.0)  # between branches, as a deviation
STRICT, NOISE = 4.0, 5.0  # points: of a branch as a whole, and of one file
PROTECTED, LIVES_THERE, OTHERS_THERE = 0.35, 0.85, 0.15  # shares
LESS_INCOME = 0.85  # of the protected group, as a factor
DISTRICT, DISTANCE = NAMES.index("district"), NAMES.index("distance")
DOUBT = 5.0  # points: how far from the cut nearly everybody, or nearly nobody, pays back


@dataclass(frozen=True)
class CreditFamily:
    """Files of applicants, branch by branch, and what a bank would not know.

    Args:
        table: a task is a branch; the target is its points.
        protected: whether an applicant is of the protected group; no column of the table.
        repaid: whether the loan would be paid back, by the rule without the district.
        weights: points of each branch for one more of each column's unit.
        levels: points of each branch for a row of zeros.
    """

    table: TaskTable
    protected: Bool[Tensor, " row"]
    repaid: Bool[Tensor, " row"]
    weights: Float[Tensor, "task feature"]
    levels: Float[Tensor, " task"]

    def rows(self, task: int) -> Bool[Tensor, " row"]:
        """Mark the rows of a branch."""
        return self.table.task == task


def credit_family(
    *,
    n_tasks: int = 24,
    n_rows: int = 200,
    proxy: float = 1.0,
    alike: bool = True,
    differ: float = 1.0,
    generator: Generator,
) -> CreditFamily:
    """Make the files of all branches.

    Args:
        proxy: how strongly past points used the district; 0 is the same bank without the fault.
        alike: False gives each branch weights of its own, of the same sizes but with signs and
            columns at random, save for the district and the distance: only the fault is shared.
        differ: how much branches differ, as a factor.

    Raises:
        ValueError: if there is no branch or fewer than two rows.
    """
    if n_tasks < 1 or n_rows < 2:
        raise ValueError(f"a family needs a branch and two rows; found {n_tasks} and {n_rows}.")
    x, protected = applicants(n_tasks * n_rows, generator=generator)
    spread, middle = torch.tensor(SPREAD), torch.tensor(MIDDLE)
    per_spread = _weights(n_tasks, proxy=proxy, alike=alike, differ=differ, generator=generator)
    strict = STRICT * differ * torch.randn(n_tasks, generator=generator)
    task = torch.arange(n_tasks).repeat_interleave(n_rows)
    parts = per_spread[task] * (x - middle) / spread
    noise = torch.randn(len(x), generator=generator)
    points = CUT + strict[task] + parts.sum(1) + NOISE * noise
    fair = points - parts[:, DISTRICT] - NOISE * noise
    chance = ((fair - CUT) / DOUBT).sigmoid()
    repaid = torch.rand(len(x), generator=generator) < chance
    weights = per_spread / spread
    names = tuple(f"branch {number + 1}" for number in range(n_tasks))
    table = TaskTable(x, points, task, NAMES, names, "points")
    return CreditFamily(table, protected, repaid, weights, CUT + strict - weights @ middle)


def applicants(
    n_rows: int, *, generator: Generator
) -> tuple[Float[Tensor, "row feature"], Bool[Tensor, " row"]]:
    """Draw applicants in the units of `UNITS`, and whether each is of the protected group."""

    def normal() -> Tensor:
        return torch.randn(n_rows, generator=generator)

    def chance() -> Tensor:
        return torch.rand(n_rows, generator=generator)

    protected = chance() < PROTECTED
    there = chance() < torch.where(protected, LIVES_THERE, OTHERS_THERE)
    income = 36 * (0.36 * normal()).exp() * torch.where(protected, LESS_INCOME, 1.0)
    late = torch.poisson(torch.ones(n_rows), generator=generator)
    columns = (
        income,
        20 + 12 * normal(),
        late,
        -6 * chance().clamp_min(1e-6).log(),
        -3 * chance().clamp_min(1e-6).log(),
        10 + 5 * normal(),
        42 + 12 * normal(),
        there.float(),
        5.5 + 5 * there.float() + 3 * normal(),
    )
    x = torch.stack(columns, 1).clamp(torch.tensor(LOW), torch.tensor(HIGH))
    return (x / torch.tensor(STEP)).round() * torch.tensor(STEP), protected


def _weights(
    n_tasks: int, *, proxy: float, alike: bool, differ: float, generator: Generator
) -> Float[Tensor, "task feature"]:
    """Return the points of each branch for one spread more of each column."""
    shared = torch.tensor(SHARED)
    own = differ * torch.tensor(DIFFER) * torch.randn(n_tasks, len(NAMES), generator=generator)
    weights = shared + own
    if not alike:
        order = torch.rand(n_tasks, DISTRICT, generator=generator).argsort(1)
        sign = torch.rand(n_tasks, DISTRICT, generator=generator).sub(0.5).sign()
        mixed = shared[:DISTRICT][order] * sign
        weights = torch.cat([mixed, weights[:, DISTRICT:]], 1)
    weights[:, DISTRICT] = proxy * weights[:, DISTRICT].clamp_max(0)
    return weights
