"""Sine waves: each task is a wave of its own height and place, and a few points of it are seen.

Finn, Abbeel & Levine (2017), section 5.1: amplitude from 0.1 to 5, phase from 0 to pi, points from
-5 to 5, all uniform. Chapter: book/concepts/learning_to_learn.ipynb.
"""

from dataclasses import dataclass
from math import pi

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.sampling import check_sizes

AMPLITUDES = (0.1, 5.0)
PHASES = (0.0, pi)
REACH = (-5.0, 5.0)


@dataclass(frozen=True)
class Waves:
    """A stack of waves y = amplitude * sin(x - phase); the waves are Models of one column."""

    amplitude: Float[Tensor, "*tasks"]
    phase: Float[Tensor, "*tasks"]

    def __call__(self, x: Float[Tensor, "*tasks row 1"], /) -> Float[Tensor, "*tasks row 1"]:
        """Return the height of each wave at its points."""
        amplitude, phase = self.amplitude.to(x), self.phase.to(x)
        return amplitude[..., None, None] * (x - phase[..., None, None]).sin()

    def to(self, device: torch.device | str) -> "Waves":
        """Return the same waves on `device`; what they draw lies there too."""
        return Waves(self.amplitude.to(device), self.phase.to(device))

    def task(self, index: int) -> "Waves":
        """Return one wave of the stack."""
        return Waves(self.amplitude[index], self.phase[index])

    def draw(self, *, k_support: int, n_query: int, generator: Generator) -> Episode:
        """Draw points of each wave, without noise.

        Raises:
            ValueError: if a number is below 1.
        """
        check_sizes(k_support=k_support, n_query=n_query)
        shape = (*self.phase.shape, k_support + n_query, 1)
        x = _uniform(REACH, shape, generator).to(self.phase)
        y = self(x)[..., 0]
        support = Examples(x[..., :k_support, :], y[..., :k_support])
        return Episode(support, Examples(x[..., k_support:, :], y[..., k_support:]))


def waves(n_tasks: int, *, generator: Generator) -> Waves:
    """Draw waves of the family.

    Raises:
        ValueError: if `n_tasks` is below 1.
    """
    check_sizes(n_tasks=n_tasks)
    amplitude = _uniform(AMPLITUDES, (n_tasks,), generator)
    return Waves(amplitude, _uniform(PHASES, (n_tasks,), generator))


def draw_waves(*, k_support: int, n_query: int, n_tasks: int, generator: Generator) -> Episode:
    """Draw new waves and points of each, stacked: rows of one column, targets of one number.

    Raises:
        ValueError: if a number is below 1.
    """
    some = waves(n_tasks, generator=generator)
    return some.draw(k_support=k_support, n_query=n_query, generator=generator)


def _uniform(
    between: tuple[float, float], shape: tuple[int, ...], generator: Generator
) -> Float[Tensor, "..."]:
    low, high = between
    return low + (high - low) * torch.rand(shape, generator=generator)
