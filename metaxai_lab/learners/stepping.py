"""One step of the outer loop: measure, refuse what is not finite, move the weights.

Lightning Fabric looks after device and precision. Source: Loshchilov & Hutter (2019) for AdamW;
Smith & Topin (2019) for one-cycle. Chapter: book/appendix/running_it.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from lightning_fabric import Fabric
from torch import Generator, Tensor, nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import AdamW

from metaxai_lab.learners.run import Run

Measure = Callable[[], Tensor]


class DivergedError(FloatingPointError):
    """A loss or its gradient was not finite."""


@dataclass(frozen=True)
class Settings:
    """What a training run is asked for; two runs with other settings are not the same run.

    Raises:
        ValueError: if a setting is out of range.
    """

    learner: str  # the name of its class
    steps: int  # of the outer loop
    outer_lr: float  # the largest learning rate
    schedule: str  # how the rate goes up and down
    weight_decay: float  # AdamW's
    clip: float | None  # the largest norm of the gradient
    precision: str  # Fabric's name of it

    def __post_init__(self) -> None:
        _refuse_unless(self.steps >= 1, "steps", "at least 1", self.steps)
        _refuse_unless(0 < self.outer_lr < math.inf, "outer_lr", "positive", self.outer_lr)
        _refuse_unless(self.weight_decay >= 0, "weight_decay", "0 or more", self.weight_decay)
        clip = math.inf if self.clip is None else self.clip
        _refuse_unless(clip > 0, "clip", "positive, or None for no limit", self.clip)
        known = " or ".join(map(repr, SCHEDULES))
        _refuse_unless(self.schedule in SCHEDULES, "schedule", known, self.schedule)
        known = " or ".join(map(repr, PRECISIONS))
        _refuse_unless(self.precision in PRECISIONS, "precision", known, self.precision)


def set_up(
    learner: nn.Module, asked: Settings, generator: Generator, device: torch.device
) -> tuple[Run, Callable[[int, Measure], float]]:
    """Move `learner` to `device`; return its run and the function that makes one step.

    Raises:
        ValueError: if the learner has nothing to train.
    """
    weights = [weight for weight in learner.parameters() if weight.requires_grad]
    if not weights:
        raise ValueError(
            f"{asked.learner} needs a weight with requires_grad=True to train; it has none."
        )
    places = [device.index or 0] if device.type == "cuda" else 1
    fabric = Fabric(accelerator=device.type, devices=places, precision=PRECISIONS[asked.precision])
    rate = SCHEDULES[asked.schedule]
    optimizer = AdamW(weights, lr=asked.outer_lr, weight_decay=asked.weight_decay, fused=True)
    objective, stepper = fabric.setup(_Objective(learner), optimizer)

    def make_step(step: int, measure: Measure) -> float:
        optimizer.param_groups[0]["lr"] = asked.outer_lr * rate(step, asked.steps)
        stepper.zero_grad()
        loss = objective(measure)
        fabric.backward(loss)
        norm = clip_grad_norm_(weights, asked.clip or math.inf)
        value, size = torch.stack([loss.detach(), norm]).tolist()
        _refuse_not_finite(step, value, size, asked)
        stepper.step()
        return value

    return Run(learner, optimizer, generator, device, torch.zeros(asked.steps)), make_step


def one_cycle(step: int, steps: int) -> float:
    """Return the share of the rate at `step`: up from 1/25 in 30 % of the steps, then down to 0.

    Both ways follow half a cosine. The same as torch's OneCycleLR, without a state to keep.
    """
    first, last, peak = 1 / 25, 1 / 250_000, 0.3 * steps - 1
    if step <= peak:
        return _half_cosine(first, 1.0, step / peak)
    return _half_cosine(1.0, last, (step - peak) / (steps - 1 - peak))


def constant(step: int, steps: int) -> float:
    """Return the share of the rate at `step`: always all of it."""
    return 1.0


SCHEDULES = {"one-cycle": one_cycle, "constant": constant}
PRECISIONS: dict[str, Literal["32-true", "bf16-mixed"]] = {
    "32-true": "32-true",
    "bf16-mixed": "bf16-mixed",
}


class _Objective(nn.Module):
    """Measures inside `forward`, where Fabric looks after the precision."""

    def __init__(self, learner: nn.Module) -> None:
        super().__init__()
        self.learner = learner

    def forward(self, measure: Measure) -> Tensor:
        return measure()


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _refuse_unless(fine: bool, name: str, needed: str, found: object) -> None:
    if not fine:
        raise ValueError(f"{name} is {needed}; found {found!r}.")


def _refuse_not_finite(step: int, loss: float, norm: float, asked: Settings) -> None:
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise DivergedError(
            f"the loss of step {step + 1} of {asked.steps} is {loss} and its gradient has the norm "
            f"{norm}; both must be finite. The learner holds the last state where they were. Lower "
            f"outer_lr ({asked.outer_lr}), set clip ({asked.clip}), or look at draw and loss."
        )
