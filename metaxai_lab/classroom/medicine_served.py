"""The model of one new hospital, sent out: a chance of getting worse, with a reason per column.

It was trained on other hospitals, adapted to twenty patients of this one, and asks for the columns
that this hospital measures, in the units of the table. Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.classroom.medicine_study import N_TRAINED, THRESHOLD, Region, region
from metaxai_lab.classroom.sent_out import Column, UseCard, send_out
from metaxai_lab.core import Episode, seeded

ROWS = 20  # local patients that a model is adapted to before it leaves
UNITS: Mapping[str, tuple[str, str]] = {
    "age": ("age", "years"),
    "bmi": ("body mass index", "kg/m2"),
    "bp": ("blood pressure", "mmHg"),
    "s1": ("cholesterol", "mg/dl"),
    "s2": ("LDL", "mg/dl"),
    "s3": ("HDL", "mg/dl"),
    "s4": ("cholesterol over HDL", "ratio"),
    "s5": ("log of triglycerides", "log mg/dl"),
    "s6": ("blood sugar", "mg/dl"),
}
NOT_FOR = (
    "Do not use it in another hospital: it was fitted to this one, with its laboratory.",
    f"Do not use it with fewer than {ROWS} local patients with known outcome behind it.",
    "Do not read a reason as a cause: it says what moved this answer, not what would help.",
    "Do not take silence for safety: a value inside the range may still be read by another method.",
)


class Served(nn.Module):
    """A line in the units of the columns; a reason is a weight times the way from the mean."""

    weights: Tensor
    mean: Tensor
    level: Tensor

    def __init__(
        self,
        weights: Float[Tensor, " column"],
        mean: Float[Tensor, " column"],
        level: Float[Tensor, ""],
    ) -> None:
        super().__init__()
        for name, value in (("weights", weights), ("mean", mean), ("level", level)):
            self.register_buffer(name, value.detach().clone())

    def forward(
        self, x: Float[Tensor, "row column"]
    ) -> tuple[Float[Tensor, " row"], Float[Tensor, "row column"]]:
        """Return the chance of each row, kept between 0 and 1, and its reasons."""
        reasons = (x - self.mean) * self.weights
        return (self.level + reasons.sum(1)).clamp(0.0, 1.0), reasons


@dataclass(frozen=True)
class Outgoing:
    """What leaves for one hospital.

    Args:
        judged: the patients that it was adapted to, and others, in the units of the lab.
        rows: those others, in the units of the columns that the hospital measures.
    """

    served: Served
    columns: tuple[Column, ...]
    judged: Episode
    rows: Float[Tensor, "row column"]


def outgoing(one: Region, *, new: int = 1, rows: int = ROWS) -> Outgoing:
    """Adapt to `rows` patients of a new hospital, and put the model into the columns' units."""
    task, made = one.fold.out[new], one.made
    judged = one.fold.draw((task,), rows, 1, seeded(new)).task(0)
    with torch.no_grad():
        line = one.learner.adapt(judged.support)
    raw = made.table.x[torch.isin(made.table.task, torch.arange(N_TRAINED))]
    n_columns = made.plain.shape[1]
    mean = raw.double().nanmean(0)[:n_columns]
    size = (raw.double()[:, :n_columns] - mean).square().nanmean(0).sqrt()
    here = made.measured[task]
    flags = judged.support.x[0, n_columns:] @ line.weights[n_columns:]
    kept = raw[:, :n_columns][:, here]
    low, high = (kept.nan_to_num(nan=end).aminmax(dim=0)[i] for i, end in ((0, 1e9), (1, -1e9)))
    names = [
        UNITS[name] for name, seen in zip(made.table.feature_names, here, strict=False) if seen
    ]
    usual = kept.nanmedian(0).values
    columns = tuple(
        Column(name, unit, round(float(a), 2), round(float(b), 2), usual=round(float(c), 2))
        for (name, unit), a, b, c in zip(names, low, high, usual, strict=True)
    )
    weights = (line.weights[:n_columns].double() / size)[here].float()
    served = Served(weights, mean[here].float(), line.intercept + flags)
    asked = judged.query.x[:, :n_columns] * size + mean
    return Outgoing(served, columns, judged, asked[:, here].float())


def card(found: Outgoing, measured: Mapping[str, str], forbidden: tuple[str, ...] = ()) -> UseCard:
    """Return the card of a model; `forbidden` follows from what was measured."""
    return UseCard(
        title="Will this patient's diabetes get worse within a year?",
        answers=(
            f"A chance from 0 to 1; from {THRESHOLD} on the advice is to follow the patient up. A "
            "reason is what a column adds to it, beside the mean patient of the training hospitals."
        ),
        columns=found.columns,
        not_for=(*forbidden, *NOT_FOR),
        measured=measured,
    )


def send(folder: Path) -> None:
    """Train on the embedded hospitals, and send out the model of a new one that is mixed."""
    found = outgoing(region("diabetes", deal=0))
    send_out(found.served, card(found, {}), folder)
