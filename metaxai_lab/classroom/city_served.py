"""The predictor of a new station, sent out with its reasons: a line after ten days, and its card.

Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.classroom.city_study import Left, learn, without
from metaxai_lab.classroom.sent_out import Column, UseCard, send_out
from metaxai_lab.core import seeded
from metaxai_lab.learners import LinearModel
from metaxai_lab.tasks.small_city import UNITS, City, SmallCity

UNTIL, STATION, FIRST = 480, 0, 300  # days known; the new station, and the day it opened
TEN = 10
NOT_FOR = (
    "Not for tomorrow: it needs the day's own weather, traffic and upwind dust, as measured.",
    "For no other station: its level and sizes were adapted on ten days of this one.",
    "For no season that its ten days did not see: its error grows with the months between.",
    "Not to say what heating counts here: ten days hardly change the heating.",
    "Not after a road, a plant or a sensor has changed, until it was adapted anew.",
    "For no cause: a reason says what the line adds for a column, not what a closed road would do.",
)


class ServedLine(nn.Module):
    """Answers in µg/m³; a reason is what a column adds beside its mean over the network."""

    weights: Tensor
    means: Tensor
    usual: Tensor

    def __init__(self, left: Left, line: LinearModel, city: City) -> None:
        super().__init__()
        known = city.days[: int(left.fold.table.counts[0])]
        centre, spread = left.fold.table.target_scale
        self.register_buffer("means", known.mean(0))
        weights = spread * line.weights.detach() / known.std(0, correction=0)
        self.register_buffer("weights", weights)
        self.register_buffer("usual", centre + spread * line.intercept.detach())

    def forward(
        self, x: Float[Tensor, "row column"]
    ) -> tuple[Float[Tensor, " row"], Float[Tensor, "row column"]]:
        """Return answers and reasons of rows in their own units."""
        reasons = (x - self.means) * self.weights
        return self.usual + reasons.sum(-1), reasons


def card(city: City, until: int, measured: Mapping[str, str]) -> UseCard:
    """Return the card of a new station's predictor."""
    known = city.days[:until]
    names = city.timeline(until).table.feature_names
    columns = tuple(
        Column(
            name,
            unit,
            round(float(values.min()), 3),
            round(float(values.max()), 3),
            usual=round(float(values.median()), 3),
        )
        for name, unit, values in zip(names, UNITS, known.unbind(1), strict=True)
    )
    return UseCard(
        "Fine dust at a station that opened ten days ago",
        "The answer is the fine dust of a day whose columns are known, at this station, in µg/m³.",
        columns,
        NOT_FOR,
        measured,
    )


def line_of(left: Left, station: int, first: int, n_days: int = TEN) -> LinearModel:
    """Return the line of a station left out, from some days that follow each other."""
    rows = torch.tensor([station]), torch.tensor([first])
    timeline = left.fold.timeline
    support = timeline.episodes(*rows, k_support=n_days, n_query=1).task(0).support
    with torch.no_grad():
        return left.learner.adapt(support)


def send(folder: Path) -> None:
    """Train in a small city without station 0, adapt to its ten days, and send the line out."""
    city = SmallCity().draw(generator=seeded(0))
    left = learn(without(city.timeline(UNTIL), STATION, 4), seed=0)
    line = line_of(left, STATION, FIRST)
    send_out(ServedLine(left, line, city), card(city, UNTIL, {}), folder)
