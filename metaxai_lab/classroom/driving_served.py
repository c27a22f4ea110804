"""The fifth step for driving: the brake forecast of one car is written to a folder.

Chapter: book/applications/driving.ipynb.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.classroom.driving_brakes import STEPS, cars
from metaxai_lab.classroom.sent_out import Column, UseCard, send_out
from metaxai_lab.classroom.tables_rivals import rivals
from metaxai_lab.classroom.tables_study import leave, train
from metaxai_lab.core import Examples
from metaxai_lab.tasks.brakings import COLUMNS, HIGH, LOW, UNITS

BRAKE_TESTS = 50  # rows of the new car, for the predictor that is sent out
NOT_FOR = (
    "Do not let it decide when to brake. It foretells one number of one car; the room that is "
    "needed also hangs on what is ahead.",
    "Do not use it for another car. It was fitted to the brake tests of this one, and cars differ.",
    "Do not use it on ice or snow: no brake test had either, and outside the ranges it only "
    "guesses.",
    "Do not read its reasons as causes that could be changed one by one; they say what moves the "
    "forecast.",
)


class BrakeForecast(nn.Module):
    """The line of one car: its deceleration, and what each column adds to that of the mean test.

    Args:
        weights: of each column in its own unit, and the level as the last.
        mean: of each column over the brake tests of other makers.
    """

    weights: Tensor
    mean: Tensor

    def __init__(
        self, weights: Float[Tensor, " column_and_one"], mean: Float[Tensor, " column"]
    ) -> None:
        super().__init__()
        self.register_buffer("weights", weights)
        self.register_buffer("mean", mean)

    def forward(
        self, x: Float[Tensor, "row column"]
    ) -> tuple[Float[Tensor, " row"], Float[Tensor, "row column"]]:
        """Return decelerations, and the exact Shapley values of a line."""
        reasons = (x - self.mean) * self.weights[:-1]
        usual = (self.mean * self.weights[:-1]).sum() + self.weights[-1]
        return usual + reasons.sum(-1), reasons


@dataclass(frozen=True)
class Served:
    """A predictor for one new car, and brake tests of that car that it has not seen."""

    forecast: BrakeForecast
    held_out: Examples


def served(seed: int = 0, *, rows: int = BRAKE_TESTS) -> Served:
    """Adapt to the first car of the last maker, from as many brake tests."""
    whole = cars(seed)
    fold = leave(whole, whole.judged[-1])
    found = rivals(fold)
    learner = train(fold, found.pooled, found.others, seed=seed, steps=STEPS)
    mine = (fold.table.task == fold.out[0]).nonzero()[:, 0]
    support = Examples(fold.table.x[mine[:rows]], fold.table.y[mine[:rows]])
    with torch.no_grad():
        line = learner.adapt(support)
    centre, spread = fold.table.target_scale
    trained = torch.isin(whole.table.task, torch.tensor(fold.trained))
    mean = whole.table.x[trained].mean(0)
    size = whole.table.x[trained].std(0, correction=0)
    weights = line.weights / size * spread
    level = centre + spread * line.intercept - (weights * mean).sum()
    held = Examples(whole.table.x[mine[rows:]], whole.table.y[mine[rows:]])
    return Served(BrakeForecast(torch.cat([weights, level[None]]), mean), held)


def card(measured: dict[str, str]) -> UseCard:
    """Return the card of the predictor."""
    columns = tuple(
        Column(name, unit, low, high)
        for name, unit, low, high in zip(COLUMNS, UNITS, LOW, HIGH, strict=True)
    )
    return UseCard(
        f"How hard this car brakes, after {BRAKE_TESTS} brake tests",
        "The answer is the deceleration of a full braking, in m/s². A reason is what a column adds "
        "to it, in m/s², against the mean brake test of other makers.",
        columns,
        NOT_FOR,
        measured,
    )


def send(folder: Path) -> None:
    """Train on the cars of other makers, adapt to a new one, and send the forecast out."""
    ready = served()
    said, _ = ready.forecast(ready.held_out.x)
    off = float((said - ready.held_out.y).abs().mean())
    measured = {f"mean error on {len(said)} brake tests of this car": f"{off:.2f} m/s²"}
    send_out(ready.forecast, card(measured), folder)
