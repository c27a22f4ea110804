"""How sure is a mean mark? Two intervals over tasks: Student's t, and tasks drawn anew.

Rows of one task share its support set, so they are no independent witnesses: where marks come from
many tasks, the task is the unit, with the mean of all its rows. `t_interval` holds its level with
few tasks, as far as their means are spread like a normal curve. `interval` draws the tasks anew
from themselves and asks for no such curve; with few of them it is too narrow: by a tenth with five,
by a fortieth with twenty. Source: Student (1908); Efron (1979), the percentile interval.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from scipy.special import stdtrit
from torch import Generator, Tensor

from metaxai_lab.core import Score


@dataclass(frozen=True)
class Interval:
    """A mean, and where it lies in most of the samples drawn anew."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} [{self.low:.2f}, {self.high:.2f}]"


def interval(
    values: Float[Tensor, "unit ..."],
    *,
    level: float = 0.95,
    n_draws: int = 2000,
    generator: Generator,
) -> Interval:
    """Return the mean of all values with its interval.

    Args:
        values: of what is drawn anew, along the first axis: of stacked tasks, the tasks; of one
            task, its rows. What a unit holds is averaged first.
        level: the share of the drawn means that lie inside.

    Raises:
        ValueError: if there are fewer than two units, a value is not finite, or `level` or
            `n_draws` is out of range.
    """
    units = _units(values)
    if not 0 < level < 1 or n_draws < 1:
        raise ValueError(f"found level {level}, between 0 and 1, and n_draws {n_draws}, 1 or more.")
    drawn = torch.randint(len(units), (n_draws, len(units)), generator=generator)
    tails = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    low, high = units[drawn].mean(-1).quantile(tails).tolist()
    return Interval(float(units.mean()), low, high)


def t_interval(values: Float[Tensor, "unit ..."], *, level: float = 0.95) -> Interval:
    """Return the mean of all values with its interval by Student's t distribution.

    Args:
        values: as for `interval`.
        level: the share of such intervals that hold the true mean.

    Raises:
        ValueError: as `interval` does.
    """
    units = _units(values)
    if not 0 < level < 1:
        raise ValueError(f"found level {level}, which lies between 0 and 1.")
    wide = float(stdtrit(len(units) - 1, (1 + level) / 2))
    mean, half = float(units.mean()), wide * float(units.std()) / len(units) ** 0.5
    return Interval(mean, mean - half, mean + half)


def _units(values: Float[Tensor, "unit ..."]) -> Float[Tensor, " unit"]:
    """Return the mean of each unit, where there are enough of them and all are finite."""
    units = values.detach().unsqueeze(-1).flatten(1).mean(-1).double().cpu()
    if len(units) < 2 or not bool(units.isfinite().all()):
        raise ValueError(
            f"an interval needs two units or more, all with finite values; found {len(units)}, of "
            f"which {int((~units.isfinite()).sum())} have others."
        )
    return units


def lead(score: Score) -> Float[Tensor, "*batch"]:
    """Return by how much each mark is better than chance; less than 0 where it is worse.

    Raises:
        ValueError: if the score has no chance level.
    """
    if score.chance is None:
        raise ValueError(f"the score {score.name!r} was made without a chance level to lead over.")
    ahead = score.values - score.chance
    return ahead if score.higher_is_better else -ahead
