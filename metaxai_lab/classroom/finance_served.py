"""The credit model that leaves the lab: points, and what each column adds to the line of 50.

Each branch of the region left out has its own line, learned from a few of its files; district and
distance are held, so nobody is asked for them. The branch is a column of categories.
Chapter: book/applications/finance.ipynb.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.classroom.finance_audit import agreement, audited, honest_lines
from metaxai_lab.classroom.finance_promises import promises
from metaxai_lab.classroom.finance_study import Bank, held, open_bank
from metaxai_lab.classroom.sent_out import Column, UseCard, send_out
from metaxai_lab.classroom.tables import about
from metaxai_lab.core import seeded
from metaxai_lab.learners import LinearModel
from metaxai_lab.tasks.credit import (
    CUT,
    DISTANCE,
    DISTRICT,
    HIGH,
    LOW,
    MIDDLE,
    NAMES,
    UNITS,
    credit_family,
)

N_FILES = 20  # of each branch that is served
ASKED = tuple(c for c in range(len(NAMES)) if c not in (DISTRICT, DISTANCE))
NOT_FOR = (
    "Not for a decision without a person: it repeats a branch's past points, and those refused "
    "people who would have paid back.",
    "Not to promise a yes: what it says would turn its answer is worked out for its own line, and "
    "the branch's own rule may ask for more.",
    "Not for a branch that is not named here: a branch has a line of its own.",
    "Not as a proof of fairness: district and distance are held, and no other group was audited.",
)


class Points(nn.Module):
    """Points of an applicant of a branch, and what each column adds to 50.

    Args:
        lines: one for each branch, in points over the columns as they are filed.
    """

    weights: Tensor
    levels: Tensor
    middle: Tensor

    def __init__(self, lines: Sequence[LinearModel]) -> None:
        super().__init__()
        asked = list(ASKED)
        middle = torch.tensor(MIDDLE)
        weights = torch.stack([line.weights[asked] for line in lines])
        levels = torch.stack([line(middle[None])[0, 0] for line in lines])
        for name, part in (("weights", weights), ("levels", levels), ("middle", middle[asked])):
            self.register_buffer(name, part.detach())

    def forward(
        self, x: Float[Tensor, "row column"]
    ) -> tuple[Float[Tensor, " row"], Float[Tensor, "row column"]]:
        """Return the points of each row, whose first column is the branch, and the reasons."""
        branch = x[:, 0].round().long().clamp(0, len(self.levels) - 1)
        added = (x[:, 1:] - self.middle) * self.weights[branch]
        strict = self.levels[branch] - CUT
        reasons = torch.cat([strict[:, None], added], 1)
        return CUT + reasons.sum(1), reasons


def fair_lines(bank: Bank, k: int = N_FILES) -> list[LinearModel]:
    """Return the line of each branch left out, with district and distance held for everybody."""
    lines = [bank.branch(branch, k) for branch in bank.fold.out]
    for column in (DISTRICT, DISTANCE):
        lines = [held(line, column, MIDDLE[column]) for line in lines]
    return lines


def card_of(bank: Bank, measured: Mapping[str, str], not_for: Sequence[str] = NOT_FOR) -> UseCard:
    """Return the card: the branches as categories, the other columns with their ranges."""
    names = tuple(bank.family.table.task_names[branch] for branch in bank.fold.out)
    branch = Column("branch", "name", 0.0, float(len(names) - 1), names)
    columns = [Column(NAMES[c], UNITS[c], LOW[c], HIGH[c], (), MIDDLE[c]) for c in ASKED]
    return UseCard(
        "Points for a loan",
        f"Points; from {CUT:.0f} on, past files of the branch got a yes. Each reason is the points "
        f"that a column adds, beside an applicant in the middle; together they lead from "
        f"{CUT:.0f} to the answer.",
        (branch, *columns),
        tuple(not_for),
        measured,
    )


def tried(bank: Bank, lines: Sequence[LinearModel]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what was measured of these lines, one a branch, and what they are not for."""
    served = dict(zip(bank.fold.out, lines, strict=True))
    strangers = dict(zip(bank.fold.out, lines[::-1], strict=True))
    honest, marks = honest_lines(bank), audited(bank, served, N_FILES).marks()
    fits, past, strange = (
        about(agreement(bank, each, N_FILES, known=rule)["answers"])
        for each, rule in ((served, honest), (served, None), (strangers, honest))
    )
    kept = about(promises(bank, served, N_FILES, margin=1e-3)["branch"])
    repaid = about(marks["right"])
    measured = {
        "answers of the branch's rule without the district": fits,
        "answers of the branch's rule as it was": past,
        "answers that agree with repayment": repaid,
        "gap among payers": about(marks["gap, payers"]),
    }
    return measured, (
        f"Not for a decision without a person: its answers agree with repayment in {repaid} of "
        "cases only.",
        f"Not to promise a yes: of the changes that just turn this model, the branch's own rule "
        f"says yes to {kept}.",
        f"Not for a branch that is not named: with another branch's line, only {strange} of the "
        "answers are those of the rule without the district.",
        NOT_FOR[-1],
    )


def send(folder: Path) -> None:
    """Train on the embedded family, and send the mended model out."""
    bank = open_bank(credit_family(n_rows=400, generator=seeded(0)), seed=0)
    lines = fair_lines(bank)
    send_out(Points(lines), card_of(bank, *tried(bank, lines)), folder)
