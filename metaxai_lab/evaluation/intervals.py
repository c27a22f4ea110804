"""How sure is a mean mark? Draw the tasks anew from themselves, and see how the mean moves.

Rows of one task share its support set, so they are no independent witnesses: where marks come from
many tasks, tasks are drawn, each with all its rows. With few of them the interval is too narrow: by
a tenth with five, by a fortieth with twenty. Source: Efron (1979), the percentile interval.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
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
    units = values.detach().unsqueeze(-1).flatten(1).mean(-1).double().cpu()
    if len(units) < 2 or not bool(units.isfinite().all()):
        raise ValueError(
            f"an interval needs two units or more, all with finite values; found {len(units)}, of "
            f"which {int((~units.isfinite()).sum())} have others."
        )
    if not 0 < level < 1 or n_draws < 1:
        raise ValueError(f"found level {level}, between 0 and 1, and n_draws {n_draws}, 1 or more.")
    drawn = torch.randint(len(units), (n_draws, len(units)), generator=generator)
    tails = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    low, high = units[drawn].mean(-1).quantile(tails).tolist()
    return Interval(float(units.mean()), low, high)


def lead(score: Score) -> Float[Tensor, "*batch"]:
    """Return by how much each mark is better than chance; less than 0 where it is worse.

    Raises:
        ValueError: if the score has no chance level.
    """
    if score.chance is None:
        raise ValueError(f"the score {score.name!r} was made without a chance level to lead over.")
    ahead = score.values - score.chance
    return ahead if score.higher_is_better else -ahead
