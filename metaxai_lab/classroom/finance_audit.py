"""An auditor's view of a region: who gets a yes, by which questions, and at which gap.

The auditor knows the protected group of each applicant and, since this bank is made by code, who
would have paid back. Rules are read off a shallow tree that stands for the answers; a rule is
suspect if it asks about a column that tells the group.
Source: Hardt, Price & Srebro (2016) for the gaps; Pope & Sydnor (2011), section 2, for fitting with
a column and holding it at one value afterwards. Chapter: book/applications/finance.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.finance_study import Bank, held, reasons, yes
from metaxai_lab.evaluation.agreement import correlation
from metaxai_lab.evaluation.fairness import approval_gap, opportunity_gap, tells_group
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.trees import LEAF, Tree
from metaxai_lab.learners import LinearModel
from metaxai_lab.tasks.credit import CUT, DISTRICT, MIDDLE, NAMES

DEPTH, FEWEST = 4, 60  # questions of the auditor's tree, and files of each of its answers
TELLS = 0.7  # from here on a column is said to tell the group
Lines = Mapping[int, LinearModel]


@dataclass(frozen=True)
class Region:
    """The answers of the branches left out, on files that they did not learn from.

    Args:
        x: the files.
        approved: whether the model says yes.
        past: whether the branch said yes.
        protected: whether the applicant is of the group.
        repaid: whether the loan would be paid back.
    """

    x: Float[Tensor, "row feature"]
    approved: Bool[Tensor, " row"]
    past: Bool[Tensor, " row"]
    protected: Bool[Tensor, " row"]
    repaid: Bool[Tensor, " row"]

    def tree(self, depth: int = DEPTH) -> Tree:
        """Return the rules that stand for the answers."""
        return grow_tree(self.x, self.approved.long(), depth=depth, min_rows=FEWEST).merged()

    def suspects(self, depth: int = DEPTH) -> list[str]:
        """Name the columns that the rules ask about and that tell the group."""
        asked = set(self.tree(depth).column.tolist()) - {LEAF}
        told = tells_group(self.x, self.protected)
        return [NAMES[column] for column in sorted(asked) if told[column] >= TELLS]

    def marks(self) -> dict[str, float]:
        """Return both gaps, and how often the answers agree with repayment and with the past."""
        return {
            "gap": approval_gap(self.approved, self.protected),
            "gap, payers": opportunity_gap(self.approved, self.repaid, self.protected),
            "right": float((self.approved == self.repaid).double().mean()),
            "as before": float((self.approved == self.past).double().mean()),
        }


def lines_of(bank: Bank, k: int, *, draw: int = 0) -> Lines:
    """Return the line of each branch left out, after `k` files."""
    return {branch: bank.branch(branch, k, draw=draw) for branch in bank.fold.out}


def known_lines(bank: Bank) -> Lines:
    """Return the planted rule of each branch left out."""
    family = bank.family
    return {t: LinearModel(family.weights[t], family.levels[t]) for t in bank.fold.out}


def hold(lines: Lines, column: int = DISTRICT) -> Lines:
    """Return the lines with everybody's value of a column held in the middle."""
    return {branch: held(line, column, MIDDLE[column]) for branch, line in lines.items()}


def audited(bank: Bank, lines: Lines, k: int) -> Region:
    """Ask all lines about the files of their branches that come after the first `k`."""
    family = bank.family
    rows = {branch: bank.files(branch, k)[1] for branch in lines}
    said = [yes(line, family.table.x[rows[branch]], CUT) for branch, line in lines.items()]
    every = torch.cat(list(rows.values()))
    return Region(
        family.table.x[every],
        torch.cat(said),
        family.table.y[every] >= CUT,
        family.protected[every],
        family.repaid[every],
    )


def honest_lines(bank: Bank) -> Lines:
    """Return the planted rule of each branch left out, as it would be without the district."""
    return hold(known_lines(bank))


def agreement(
    bank: Bank, lines: Lines, k: int, *, known: Lines | None = None, draw: int = 0
) -> dict[str, float]:
    """Return `agreement_by_branch` in the mean over branches."""
    return over_branches(agreement_by_branch(bank, lines, k, known=known, draw=draw))


def over_branches(found: Mapping[str, list[float]]) -> dict[str, float]:
    """Return the mean of each mark over the branches."""
    return {name: sum(values) / len(values) for name, values in found.items()}


def agreement_by_branch(
    bank: Bank, lines: Lines, k: int, *, known: Lines | None = None, draw: int = 0
) -> dict[str, list[float]]:
    """Return how the reasons for a no fit the known rule, branch by branch.

    "top": how often the column that takes most points is the known rule's, over those whom this
    rule refuses; "correlation": of the points of all columns, over the same; "answers": how often
    yes and no are those of the known rule, over all files but the first `k`.

    Args:
        known: the rules to compare with; the planted ones, with the district, where none are given.
    """
    found: dict[str, list[float]] = {"top": [], "correlation": [], "answers": []}
    middle = torch.tensor(MIDDLE)
    for branch, rule in (known or known_lines(bank)).items():
        x = bank.family.table.x[bank.files(branch, k, draw=draw)[1]]
        planted = yes(rule, x, CUT)
        found["answers"].append(float((yes(lines[branch], x, CUT) == planted).double().mean()))
        ours, truth = (reasons(m, x[~planted], middle) for m in (lines[branch], rule))
        found["top"].append(float((ours.argmin(1) == truth.argmin(1)).double().mean()))
        found["correlation"].append(float(correlation(ours.double(), truth.double()).mean()))
    return found
