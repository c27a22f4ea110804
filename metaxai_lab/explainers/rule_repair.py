"""A rule list is mended: each counterexample becomes an exception, until a proof says none is left.

A region that breaks `Always` gets a rule at the top. A pair that breaks `Monotone` is a rule that
says yes and one that says no to more; one of them gives way, just where the two meet: the rows of
the one from which a move reaches the other. Which gives way? A rule of the list gives way to an
exception, both to what follows from `Always`; of two rules, the one that fewer labelled rows speak
for; of two exceptions, the yes. Thresholds are only copied, so there are finitely many regions, no
region changes more than a few times, and the mending ends. Source of the loop, counterexample by
counterexample: Clarke et al. (2000). Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.explainers.rule_conflicts import refuse_clash
from metaxai_lab.explainers.rule_constraints import (
    Always,
    Constraint,
    Grid,
    Monotone,
    is_broken_by,
    meets,
)
from metaxai_lab.explainers.rule_lists import Condition
from metaxai_lab.explainers.rule_solver import conditions_of, counterexample
from metaxai_lab.explainers.rules import NONE, RuleList

DECREED = 1.0  # log-odds of an answer that a constraint asks for
OWN, EXCEPTION, FIRM = range(3)  # the lower gives way to the higher


@dataclass(frozen=True)
class Mended:
    """A rule list that keeps all constraints, and how it came to.

    Args:
        found: the constraint that was broken and the rows that broke it, one for each exception.
        confirmed: how many of these were one when the list of that moment was run on them.
    """

    rules: RuleList
    found: tuple[tuple[Constraint, Float[Tensor, "_ feature"]], ...]
    confirmed: int


@dataclass(frozen=True)
class _Line:
    conditions: tuple[Condition, ...]
    value: float
    rank: int = OWN


def mend(
    rules: RuleList,
    constraints: Sequence[Constraint],
    grid: Grid,
    *,
    x: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
) -> Mended:
    """Add exceptions to a rule list until the solver proves that no constraint is broken.

    Args:
        x: labelled rows, which say what gives way where two rules clash.
        labels: 1 for yes.

    Raises:
        ContradictionError: if no model can keep the constraints together.
        NotDecidedError: if the solver gives up.
        ValueError: as `counterexample` does.
    """
    refuse_clash(constraints, grid)
    own = zip(conditions_of(rules), rules.value[:-1, 0].tolist(), strict=True)
    lines, now = [_Line(*line) for line in own], rules
    found: list[tuple[Constraint, Tensor]] = []
    confirmed, turn = 0, list(constraints)
    while (broken := _first_broken(now, turn, grid)) is not None:
        constraint, rows = broken
        at = turn.index(constraint)
        turn = turn[at:] + turn[:at]  # those that just held come last
        found.append(broken)
        confirmed += is_broken_by(now, constraint, rows)
        if isinstance(constraint, Always):
            lines.insert(0, _Line(constraint.conditions, _value(yes=constraint.answer), FIRM))
        else:
            place, line = _gives_way(constraint, rows, lines, now, x, labels)
            lines.insert(place, line)
        now = _listed(lines, rules, x)
    return Mended(now, tuple(found), confirmed)


def _first_broken(
    rules: RuleList, constraints: Sequence[Constraint], grid: Grid
) -> tuple[Constraint, Tensor] | None:
    for constraint in constraints:
        if (rows := counterexample(rules, constraint, grid)) is not None:
            return constraint, rows
    return None


def _gives_way(
    constraint: Monotone,
    rows: Tensor,
    lines: Sequence[_Line],
    now: RuleList,
    x: Tensor,
    labels: Tensor,
) -> tuple[int, _Line]:
    """Return an exception to the yes or to the no of a pair, and the line that it goes before."""
    at_yes, at_no = now.answers(rows).tolist()
    yes, no = _region(lines, at_yes, rows[0]), _region(lines, at_no, rows[1])
    column, up = constraint.column, constraint.rising
    below_no = tuple(c for c in no if c[0] != column or c[2] != up)
    above_yes = tuple(c for c in yes if c[0] != column or c[2] == up)
    ranks = [lines[at].rank if at < len(lines) else OWN for at in (at_yes, at_no)]
    answers, told = now.answers(x), 2 * labels - 1
    lost = [
        int((told * sign)[meets((*own, *other), x) & (answers == at)].sum())
        for own, other, at, sign in ((yes, below_no, at_yes, 1), (no, above_yes, at_no, -1))
    ]
    no_is_cheaper = ranks == [OWN, OWN] and lost[1] < lost[0]
    if ranks[0] > ranks[1] or no_is_cheaper:
        return at_no, _Line((*no, *above_yes), _value(yes=True), max(ranks[0], EXCEPTION))
    return at_yes, _Line((*yes, *below_no), _value(yes=False), max(ranks[1], EXCEPTION))


def _region(lines: Sequence[_Line], place: int, row: Tensor) -> tuple[Condition, ...]:
    """Return the conditions of a line; of the rest, those of the cell that a row lies in."""
    if place < len(lines):
        return lines[place].conditions
    cell: list[Condition] = []
    for column, value in enumerate(row.tolist()):
        edges = {t for line in lines for c, t, _ in line.conditions if c == column}
        cell += [(column, max(under), True)] if (under := [t for t in edges if t < value]) else []
        cell += [(column, min(over), False)] if (over := [t for t in edges if t >= value]) else []
    return tuple(cell)


def _value(*, yes: bool) -> float:
    return DECREED if yes else -DECREED


def _listed(lines: Sequence[_Line], like: RuleList, x: Tensor) -> RuleList:
    """Return the lines as a list that ends as `like` does, with the rows that each answers."""
    shorter = [_strictest(line.conditions) for line in lines]
    widest = max((len(rule) for rule in shorter), default=0)
    whole = [[*rule, *[(NONE, 0.0, False)] * (widest - len(rule))] for rule in shorter]
    parts = torch.tensor(whole, dtype=torch.float64).reshape(len(lines), widest, 3)
    column, threshold, above = parts.unbind(-1)
    values = [[line.value] for line in lines] + like.value[-1:].tolist()
    now = replace(
        like,
        column=column.long(),
        threshold=threshold.to(like.threshold.dtype),
        above=above.bool(),
        value=torch.tensor(values, dtype=like.value.dtype),
        n_rows=torch.zeros(len(lines) + 1, dtype=torch.long),
    )
    return replace(now, n_rows=now.answers(x).bincount(minlength=len(lines) + 1))


def _strictest(conditions: Sequence[Condition]) -> list[Condition]:
    """Return the conditions, of several of a kind on one column only the strictest."""
    kept: dict[tuple[int, bool], float] = {}
    for column, threshold, above in conditions:
        best = kept.get((column, above), threshold)
        kept[column, above] = max(best, threshold) if above else min(best, threshold)
    return [(column, threshold, above) for (column, above), threshold in kept.items()]
