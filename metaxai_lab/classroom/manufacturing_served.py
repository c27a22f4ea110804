"""The nets of one hall, sent out with an explainer that asks them 40 questions for each run.

The explainer is the one that travels: its questions and the matrix that combines the answers were
learned from games of random models, and leave the lab as constants of the program. The answer is
that of the likeliest mode, and so are the reasons. Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from metaxai_lab.classroom.manufacturing_study import Hall, hall, prior_of
from metaxai_lab.classroom.mode_nets import ModeNets
from metaxai_lab.classroom.sent_out import Column, UseCard, send_out
from metaxai_lab.explainers.coalition_prior import Prior
from metaxai_lab.tasks.machines import COLUMNS, GRADES

QUESTIONS = 40  # of each run, both ends included
ROOM = 1e-4  # so that 3.8 in 32 bits stays 3.8
UNITS: Mapping[str, str] = {
    "air": "K",
    "process": "K",
    "rpm": "turns a minute",
    "torque": "Nm",
    "wear": "minutes",
    "grade": "of the product",
    "coolant": "K",
    "vibration": "mm/s",
    "voltage": "V",
    "humidity": "%",
}
NOT_FOR = (
    "Do not use it for a mode of failure that it was not trained on, such as a tool that breaks by "
    "chance: it has no output for it, and will stay silent or blame another mode.",
    "Do not use it with a sensor in another unit or outside its range: it answers all the same, "
    "and the note beside the answer is the only warning.",
    "Do not read its answer as the chance of failure: failures were made frequent in its training.",
    "Do not stop the search at the named sensors: they say what moved this answer, and in some "
    "failures a sensor of the rule is not among them.",
)


def is_open(nets: ModeNets) -> Bool[Tensor, " column"]:
    """Return which columns changed in training; one that did not is closed, and nobody asks it."""
    return ~nets.constant


class ServedModes(nn.Module):
    """Log-odds of the likeliest mode, and the share of each column by a fixed set of questions.

    A column that was closed is not asked for: it is filled in, and has no reason.

    Args:
        masks: the questions; the first knows all columns.
        combine: turns answers into Shapley values.
    """

    background: Tensor
    masks: Tensor
    combine: Tensor
    place: Tensor
    filled: Tensor

    def __init__(
        self,
        nets: ModeNets,
        background: Float[Tensor, "background column"],
        masks: Tensor,
        combine: Float[Tensor, "column question"],
    ) -> None:
        super().__init__()
        self.nets = nets
        for name, value in (("background", background), ("masks", masks), ("combine", combine)):
            self.register_buffer(name, value.detach().clone())
        asked = is_open(nets)
        self.register_buffer("place", torch.eye(len(asked)).to(background)[asked])
        self.register_buffer("filled", nets.middle.masked_fill(asked, 0.0))

    def forward(
        self, x: Float[Tensor, "row column"]
    ) -> tuple[Float[Tensor, " row"], Float[Tensor, "row column"]]:
        """Return the answer of each row, and its reasons."""
        x = x @ self.place + self.filled
        said = self.nets(x)
        answer, mode = said.max(-1)
        mixed = torch.where(self.masks[:, None], x[:, None, None, :], self.background)
        asked = self.nets(mixed).mean(2) - self.nets(self.background).mean(0)
        of_mode = asked.gather(2, mode[:, None, None].expand(-1, len(self.masks), 1))[..., 0]
        return answer, (of_mode @ self.combine.mT) @ self.place.mT


def served(one: Hall, learned: Prior, n_questions: int = QUESTIONS) -> ServedModes:
    """Return the nets of a hall with the questions that the prior asks."""
    masks = learned.design(n_questions)
    combine = learned.joint(masks).weights().to(one.rows)
    return ServedModes(one.nets, one.background, masks, combine)


def card(one: Hall, measured: Mapping[str, str] | None = None) -> UseCard:
    """Return the card: columns, units and the ranges that training runs had."""
    x = one.seen.x
    low = ((10 * x.amin(0).double() + ROOM).floor() / 10).tolist()  # outwards, to one digit
    high = ((10 * x.amax(0).double() - ROOM).ceil() / 10).tolist()
    usual, asked = x.median(0).values.tolist(), is_open(one.nets).tolist()
    columns = tuple(
        Column(name, UNITS[name], low[i], high[i], GRADES if name == "grade" else (), usual[i])
        for i, name in enumerate(COLUMNS)
        if asked[i]
    )
    return UseCard(
        "Why would this run of the machine fail?",
        "Log-odds of the likeliest of three modes of failure: heat, power, strain. Above 0 it "
        "calls somebody. Each reason is a column's share of the way there from sound runs.",
        columns,
        NOT_FOR,
        dict(measured or {}),
    )


def send(folder: Path) -> None:
    """Train on the embedded runs, and send the nets out with their explainer."""
    one = hall(20)
    send_out(served(one, prior_of(len(COLUMNS))), card(one), folder)
