"""Early stopping: keep the weights that did best on validation tasks, stop when none does better.

Source: Prechelt (1998), "Early stopping - but when?", section 2. His criterion UP counts the values
in a row that rose; patience counts those in a row that did not beat the best.
Chapter: book/appendix/running_it.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from torch import Tensor, nn

from metaxai_lab.core import initialised_with, seeded

L = TypeVar("L", bound=nn.Module)


@dataclass
class Watch:
    """What validation found so far; it moves with the run and is copied with it.

    Args:
        every: steps between two validations; None for none at all.
        patience: validations in a row that may fail to lower the value; None for no end to it.
        values: the value after so many steps.
        best: the learner's state at the lowest value.

    Raises:
        ValueError: if a setting is out of range.
    """

    every: int | None = None
    patience: int | None = None
    values: dict[int, float] = field(default_factory=dict)
    best: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, found in (("validate_every", self.every), ("patience", self.patience)):
            if found is not None and found < 1:
                raise ValueError(f"{name} is at least 1; found {found}.")
        if self.patience is not None and self.every is None:
            raise ValueError(f"patience ({self.patience}) waits for validation: give validate too.")

    @property
    def best_step(self) -> int | None:
        """After how many steps the value was lowest, the first time where it was so twice."""
        return min(self.values, key=self.values.__getitem__) if self.values else None

    @property
    def out_of_patience(self) -> bool:
        """Whether the last validations, `patience` of them, all failed to lower the value."""
        if self.patience is None or self.best_step is None:
            return False
        return list(self.values)[::-1].index(self.best_step) >= self.patience

    def due(self, step: int, steps: int) -> bool:
        """Say whether to validate after `step` of `steps` steps: also after the last."""
        return self.every is not None and (step % self.every == 0 or step == steps)

    def note(self, step: int, value: float, learner: nn.Module) -> None:
        """Keep `value`, and the learner's state if none was lower.

        Raises:
            ValueError: if the value is not finite.
        """
        if not math.isfinite(value):
            raise ValueError(
                f"validate returned {value} after step {step}; it needs a finite number, lower "
                "where the learner is better. Look at its tasks and its loss."
            )
        self.values[step] = value
        if self.best_step == step:
            self.best = {name: t.detach().clone() for name, t in learner.state_dict().items()}

    def choose(self, learner: nn.Module) -> None:
        """Give `learner` the weights that did best, if any were validated."""
        if self.best:
            learner.load_state_dict(self.best)

    def tensors(self) -> dict[str, Tensor]:
        """Return all that moves, under names that begin with "watch."."""
        if not self.values:
            return {}
        told = {
            "watch.steps": torch.tensor(list(self.values)),
            "watch.values": torch.tensor(list(self.values.values()), dtype=torch.float64),
        }
        return told | {f"watch.best.{name}": t for name, t in self.best.items()}

    def restore(self, part: dict[str, Tensor]) -> None:
        """Become what it was when `part`, without the beginning of its names, was taken."""
        steps, values = part.get("steps"), part.get("values")
        told = () if steps is None or values is None else (steps.tolist(), values.tolist())
        self.values = dict(zip(*told, strict=True)) if told else {}
        best = {name: t for name, t in part.items() if name.startswith("best.")}
        self.best = {name.removeprefix("best."): t for name, t in best.items()}


def validated(learner: L, validate: Callable[[L], float]) -> float:
    """Return the value of `learner` in evaluation mode, and put it back to training.

    What torch draws by itself meanwhile is the same each time, and does not move the run.
    """
    learner.eval()
    try:
        with initialised_with(seeded(0)):
            return float(validate(learner))
    finally:
        learner.train()
