"""What stands in for a column that is taken away: the verdict may hang on it, so ask with several.

A mean, a minimum and a maximum are rows that nobody has seen, and a model may say anything of
them. Rows of the background are real, each for itself, though not side by side with the columns
that stay. Source: Hooker et al. (2019) for the doubt; Sturmfels, Lundberg & Lee (2020) for the
choices. Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Score

Fill = Float[Tensor, "*rows feature"]  # one row, or several that are asked in turn


@runtime_checkable
class FilledJudge(Protocol):
    """A judge with all its knobs bound but the fill: `deletion`, `comprehensiveness` and others."""

    def __call__(self, attribution: Attribution, *, fill: Float[Tensor, " feature"]) -> Score:
        """Score an attribution where columns that are taken away become those of `fill`."""
        ...


def fills_of(
    background: Float[Tensor, "background feature"], *, n_rows: int = 4
) -> dict[str, Fill]:
    """Return five stand-ins for an absent column, by name.

    Args:
        n_rows: rows of the background, spread over it, that stand for "rows".

    Raises:
        ValueError: if there are fewer rows than that, or `n_rows` is below 1.
    """
    if not 1 <= n_rows <= len(background):
        raise ValueError(
            f"n_rows takes rows from the background, 1 to {len(background)}; found {n_rows}."
        )
    return {
        "mean": background.mean(0),
        "median": background.median(0).values,
        "minimum": background.amin(0),
        "maximum": background.amax(0),
        "rows": background[:: len(background) // n_rows][:n_rows],
    }


def under_fills(
    judge: FilledJudge, attribution: Attribution, fills: Mapping[str, Fill]
) -> dict[str, Score]:
    """Score an attribution once for each fill; one of several rows gets the mean of their marks."""
    return {
        name: averaged([judge(attribution, fill=row) for row in torch.atleast_2d(fill)])
        for name, fill in fills.items()
    }


def averaged(scores: Sequence[Score]) -> Score:
    """Return the mean of several marks of the same judge, row by row.

    Raises:
        ValueError: if there is none.
    """
    if not scores:
        raise ValueError("a mean of marks needs one mark at least; found none.")
    first = scores[0]
    chances = [score.chance for score in scores if score.chance is not None]
    return Score(
        first.name,
        torch.stack([score.values for score in scores]).mean(0),
        torch.stack(chances).mean(0) if len(chances) == len(scores) else None,
        first.higher_is_better,
        first.sensitive_to,
    )
