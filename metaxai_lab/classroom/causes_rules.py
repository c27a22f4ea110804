"""A loan desk made by code, rule lists read off its files, and what such a list must never do.

The desk's own rule keeps every constraint; its files are noisy and few, so trees grown from them do
not. Each list is checked by the solver and by a random search, mended, and judged on other files.
Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.causes_rivals import boosted_agreement, monotone_list
from metaxai_lab.core import Examples, Model, seeded
from metaxai_lab.explainers import RuleList, grow_tree, rules_of
from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.rule_cells import broken_in_cells
from metaxai_lab.explainers.rule_constraints import (
    Always,
    Constraint,
    Grid,
    Monotone,
    is_broken_by,
    meets,
)
from metaxai_lab.explainers.rule_repair import Mended, mend
from metaxai_lab.explainers.rule_solver import counterexample

NAMES = ("income", "debt", "years", "late")  # thousand a year, % of income, in the job, payments
GRID = Grid((8, 0, 0, 0), (120, 100, 40, 9), (1.0, 1.0, 1.0, 1.0))
NOISE = 0.15  # share of files that were decided the other way round
CONSTRAINTS: tuple[Constraint, ...] = (
    Always("no with 6 late payments", ((3, 5.0, True),), answer=False),
    Always("no with debt above 90", ((1, 90.0, True),), answer=False),
    Monotone("more income never harms", 0),
    Monotone("less debt never harms", 1, rising=False),
    Monotone("more years never harm", 2),
    Monotone("fewer late payments never harm", 3, rising=False),
)


def files(n_rows: int, *, noise: float = NOISE, generator: Generator) -> Examples:
    """Draw files in whole numbers, most with little income and few late payments, and decide them.

    Args:
        noise: the share that is decided the other way round.
    """
    low, high = (torch.tensor(ends).float() for ends in (GRID.low, GRID.high))
    power = torch.tensor([2.0, 1.0, 1.5, 2.5]).double()
    shape = torch.rand(n_rows, 4, generator=generator).double() ** power
    x = (low + (high - low) * shape).round().float()
    turned = torch.rand(n_rows, generator=generator) < noise
    return Examples(x, (desk(x) ^ turned).long())


def desk(x: Float[Tensor, "row column"]) -> Tensor:
    """Decide as the desk means to; points are whole numbers, so that none is rounded past 0."""
    points = x.long() @ torch.tensor([6, -6, 10, -105]) + 45
    refused = torch.stack([meets(c.conditions, x) for c in CONSTRAINTS if isinstance(c, Always)])
    return (points > 0) & ~refused.any(0)


def read_list(rows: Examples, *, depth: int = 4) -> RuleList:
    """Read a rule list off a tree that was grown from files."""
    return rules_of(grow_tree(rows.x, rows.y, depth=depth, min_rows=5))


def agreement(model: Model, rows: Examples) -> float:
    """Return the share of files that a model decides as they were decided."""
    return float((classes_of(model(rows.x)) == rows.y).double().mean())


def searched(rules: Model, constraint: Constraint, n_tries: int, *, generator: Generator) -> bool:
    """Draw rows of the grid, or pairs, and say whether one of them breaks the constraint."""
    low, high = (torch.tensor(ends) for ends in (GRID.low, GRID.high))

    def drawn() -> Tensor:
        chance = torch.rand(n_tries, len(NAMES), generator=generator)
        return (low + ((high - low + 1) * chance).floor()).float()

    first = drawn()
    yes = classes_of(rules(first)) == 1
    if isinstance(constraint, Always):
        return bool((meets(constraint.conditions, first) & (yes != constraint.answer)).any())
    at = torch.arange(len(NAMES)) == constraint.column
    second = torch.where(at, drawn(), first)
    moved = (second - first)[:, constraint.column] * (1 if constraint.rising else -1)
    then = classes_of(rules(second)) == 1
    return bool((((moved > 0) & yes & ~then) | ((moved < 0) & ~yes & then)).any())


@dataclass(frozen=True)
class Audit:
    """One rule list: what was found on it, and what mending made of it.

    Args:
        broken: by constraint, the rows that the solver found, or None where it proved there are
            none.
        missed: by number of tries, how many of the broken constraints a random search passed over.
        before: agreement with other files, of the list as read; `after`: mended; `decreed`: with
            the `Always` constraints on top alone; `monotone`: of a tree grown in order.
    """

    rules: RuleList
    broken: dict[str, Tensor | None]
    missed: dict[int, int]
    mended: Mended
    before: float
    after: float
    decreed: float
    monotone: float

    @property
    def n_broken(self) -> int:
        """How many constraints the list breaks."""
        return sum(rows is not None for rows in self.broken.values())


def audit(seed: int, *, n_rows: int = 400, tries: Sequence[int] = (100, 1000, 10_000)) -> Audit:
    """Draw files, read a list, check it, mend it, and judge it on 4,000 other files."""
    draw = seeded(seed)
    rows, others = files(n_rows, generator=draw), files(4000, generator=draw)
    rules = read_list(rows)
    broken = {c.name: counterexample(rules, c, GRID) for c in CONSTRAINTS}
    bad = [c for c in CONSTRAINTS if broken[c.name] is not None]
    missed = {n: sum(not searched(rules, c, n, generator=draw) for c in bad) for n in tries}
    mended = mend(rules, CONSTRAINTS, GRID, x=rows.x, labels=rows.y)
    rival = monotone_list(rows, CONSTRAINTS, GRID)
    decrees = [c for c in CONSTRAINTS if isinstance(c, Always)]
    decreed = mend(rules, decrees, GRID, x=rows.x, labels=rows.y).rules
    scores = (agreement(each, others) for each in (rules, mended.rules, decreed, rival))
    return Audit(rules, broken, missed, mended, *scores)


def confirmed(found: Audit) -> tuple[int, int]:
    """Run each list on what was found of it, before and while it was mended.

    Returns:
        how many of the counterexamples are one, and how many there are.
    """
    by_name = {c.name: c for c in CONSTRAINTS}
    shown = [(by_name[n], rows) for n, rows in found.broken.items() if rows is not None]
    right = sum(is_broken_by(found.rules, c, rows) for c, rows in shown)
    return right + found.mended.confirmed, len(shown) + len(found.mended.found)


def by_chance(audits: Sequence[Audit], *, generator: Generator, n_tries: int = 100) -> float:
    """Return the share of rows or pairs drawn at random that break a constraint that is broken."""
    hits = [
        sum(searched(a.rules, c, 1, generator=generator) for _ in range(n_tries)) / n_tries
        for a in audits[:3]
        for c in CONSTRAINTS
        if a.broken[c.name] is not None
    ]
    return sum(hits) / len(hits)


def left_over(rules: RuleList) -> int:
    """Return how many constraints the solver finds broken."""
    return sum(counterexample(rules, c, GRID) is not None for c in CONSTRAINTS)


def left_in_cells(rules: RuleList) -> int:
    """Return how many constraints are found broken without the solver, all cells gone through."""
    return len(broken_in_cells(rules, CONSTRAINTS, GRID))


def solver_is_right(found: Audit) -> int:
    """Count the constraints of which the solver and all cells of the list say the same."""
    broken = broken_in_cells(found.rules, CONSTRAINTS, GRID)
    return sum((found.broken[c.name] is not None) == (c.name in broken) for c in CONSTRAINTS)


def boosted(seed: int, *, n_rows: int = 400) -> float:
    """Return the agreement of many small trees under the same orders, which are no rule list."""
    draw = seeded(seed)
    rows, others = files(n_rows, generator=draw), files(4000, generator=draw)
    return boosted_agreement(rows, others, CONSTRAINTS)


def told_wrongly(seed: int, *, n_rows: int = 400) -> float:
    """Return what a list gains in agreement where the order of debt is told the wrong way round."""
    draw = seeded(seed)
    rows, others = files(n_rows, generator=draw), files(4000, generator=draw)
    rules = read_list(rows)
    wrong = [
        replace(c, rising=not c.rising) if isinstance(c, Monotone) and c.column == 1 else c
        for c in CONSTRAINTS
    ]
    mended = mend(rules, wrong, GRID, x=rows.x, labels=rows.y).rules
    return agreement(mended, others) - agreement(rules, others)
