"""A new car with few brake tests: how hard does it slow? And the predictor that leaves the lab.

A task is a car. The learner was trained on cars of other makers. Chapter:
book/applications/driving.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.classroom.left_out import LeftOut, left_out
from metaxai_lab.classroom.sent_out import Column, UseCard
from metaxai_lab.classroom.tables_rivals import rivals
from metaxai_lab.classroom.tables_study import Cut, leave, train
from metaxai_lab.core import Examples, seeded
from metaxai_lab.tasks.brakings import COLUMNS, HIGH, LOW, UNITS, brakings, makers_of

STEPS = 40  # of the outer loop, for each maker left out
BRAKE_TESTS = 10  # rows of the new car, for the predictor that is sent out
NOT_FOR = (
    "Do not let it decide when to brake. It foretells one number of one car; the room that is "
    "needed also hangs on what is ahead.",
    "Do not use it for another car. It was fitted to the brake tests of this one, and cars differ.",
    "Do not use it on ice or snow: no brake test had either, and outside the ranges it only "
    "guesses.",
    "Do not read its reasons as causes that could be changed one by one; they say what moves the "
    "forecast.",
)


def cars(seed: int, *, shared: bool = True, n_makers: int = 6) -> Cut:
    """Draw brake tests of 30 cars; of their makers one after the other is left out."""
    table = brakings(
        n_makers=n_makers, n_cars=30 // n_makers, shared=shared, generator=seeded(seed)
    )
    makers = makers_of(table)
    return Cut(table, makers, tuple(makers), rows=(5, 50))


def judged(seed: int, *, shared: bool = True, n_makers: int = 6) -> LeftOut:
    """Judge everyone on the cars of each maker left out."""
    return left_out(cars(seed, shared=shared, n_makers=n_makers), seed=seed, steps=STEPS)


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
