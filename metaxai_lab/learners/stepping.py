"""One step of the outer loop: measure, refuse what is not finite, move the weights.

Lightning Fabric looks after device and precision, and several processes make the same step. Source:
Loshchilov & Hutter (2019) for AdamW; Smith & Topin (2019) for one-cycle.
Chapter: book/appendix/running_it.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import AdamW

from metaxai_lab.learners.early_stopping import Watch
from metaxai_lab.learners.processes import Crew, Precision
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
    precision: Precision  # of the arithmetic
    processes: int = 1  # that share the tasks of a step
    validate_every: int | None = None  # steps
    patience: int | None = None  # validations

    def __post_init__(self) -> None:
        _refuse_unless(self.steps >= 1, "steps", "at least 1", self.steps)
        _refuse_unless(0 < self.outer_lr < math.inf, "outer_lr", "positive", self.outer_lr)
        _refuse_unless(self.weight_decay >= 0, "weight_decay", "0 or more", self.weight_decay)
        clip = math.inf if self.clip is None else self.clip
        _refuse_unless(clip > 0, "clip", "positive, or None for no limit", self.clip)
        known = " or ".join(map(repr, SCHEDULES))
        _refuse_unless(self.schedule in SCHEDULES, "schedule", known, self.schedule)


def set_up(
    learner: nn.Module, asked: Settings, generator: Generator, crew: Crew
) -> tuple[Run, Callable[[int, Measure], float]]:
    """Move `learner` to its device; return its run and the function that makes one step.

    Raises:
        ValueError: if the learner has nothing to train.
    """
    weights = [weight for weight in learner.parameters() if weight.requires_grad]
    if not weights:
        raise ValueError(
            f"{asked.learner} needs a weight with requires_grad=True to train; it has none."
        )
    learner.to(crew.device)
    rate = SCHEDULES[asked.schedule]
    optimizer = AdamW(weights, lr=asked.outer_lr, weight_decay=asked.weight_decay, fused=True)
    stepper = crew.fabric.setup_optimizers(optimizer)
    assert not isinstance(stepper, tuple)  # one in, one out

    def make_step(step: int, measure: Measure) -> float:
        optimizer.param_groups[0]["lr"] = asked.outer_lr * rate(step, asked.steps)
        stepper.zero_grad()
        with crew.noise(), crew.fabric.autocast():
            loss = measure()
        crew.fabric.backward(loss)
        loss = crew.agree(loss.detach(), learner)
        norm = clip_grad_norm_(weights, asked.clip or math.inf)
        value, size = torch.stack([loss, norm]).tolist()
        _refuse_not_finite(step, value, size, asked)
        stepper.step()
        return value

    watch = Watch(asked.validate_every, asked.patience)
    losses = torch.zeros(asked.steps)
    return Run(learner, optimizer, generator, crew.device, losses, watch), make_step


def pick_precision(wanted: str, device: torch.device) -> Precision:
    """Return `wanted`, or what "auto" means: bfloat16 on a GPU made for it, else 32 bits.

    Raises:
        ValueError: if `wanted` is no such name.
    """
    fast = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    names: dict[str, Precision] = {name: name for name in PRECISIONS}
    names["auto"] = "bf16-mixed" if fast else "32-true"
    _refuse_unless(wanted in names, "precision", " or ".join(map(repr, names)), wanted)
    return names[wanted]


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
PRECISIONS: tuple[Precision, ...] = ("32-true", "bf16-mixed")


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
