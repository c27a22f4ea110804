"""Does a branch keep the promise of a change that was worked out for a model of it?

A change turns the model's no, some points beyond its line. The branch may see it otherwise: its
planted rule is asked, and an officer who follows that rule but adds chance of his own, as in the
files. Chapter: book/applications/finance.ipynb.
"""

import torch

from metaxai_lab.classroom.finance_audit import Lines, known_lines, over_branches
from metaxai_lab.classroom.finance_study import ALLOWED, Bank, points, yes
from metaxai_lab.core import seeded
from metaxai_lab.explainers.counterfactual import linear_counterfactual
from metaxai_lab.tasks.credit import CUT, NOISE

N_ASKED = 60  # people of each branch


def promises(
    bank: Bank, lines: Lines, k: int, *, margin: float, draw: int = 0, known: Lines | None = None
) -> dict[str, float]:
    """Return `promises_by_branch` in the mean over branches."""
    return over_branches(promises_by_branch(bank, lines, k, margin=margin, draw=draw, known=known))


def promises_by_branch(
    bank: Bank, lines: Lines, k: int, *, margin: float, draw: int = 0, known: Lines | None = None
) -> dict[str, list[float]]:
    """Work out a change `margin` points beyond the line, and ask the branch.

    Asked about are people whom the model and the rule both refuse: others have their yes already.

    Args:
        known: the rules that keep a promise or not; the planted ones where none are given.

    Returns:
        For each branch, "found": the share for whom there is a change; of these, "model", "branch"
        and "officer": for how many the model, the rule, and the rule with an officer's chance then
        say yes; "effort": the mean, in months.
    """
    parts: dict[str, list[float]] = {
        name: [] for name in ("found", "model", "branch", "officer", "effort")
    }
    for branch, rule in (known or known_lines(bank)).items():
        line = lines[branch]
        x = bank.family.table.x[bank.files(branch, k, draw=draw)[1]]
        refused = x[~yes(line, x, CUT) & ~yes(rule, x, CUT)][:N_ASKED]
        there = linear_counterfactual(
            line.weights, float(line.intercept), refused, ALLOWED, bound=CUT, margin=margin
        )
        moved = there.changed[there.found]
        chance = NOISE * torch.randn(len(moved), generator=seeded(branch))
        said = {"model": points(line, moved), "branch": points(rule, moved)}
        said["officer"] = said["branch"] + chance
        parts["found"].append(float(there.found.double().mean()))
        parts["effort"].append(float(there.cost[there.found].double().mean()))
        for who, given in said.items():
            parts[who].append(float((given >= CUT).double().mean()))
    return parts
