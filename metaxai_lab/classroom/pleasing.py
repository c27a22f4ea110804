"""An explanation made for one judge: the order in which deletion itself would take columns away.

Step by step, each row gives up the column whose loss lowers its output most; what goes first gets
the largest value. It asks the judge's own questions, and nothing about shares.
Chapter: book/judging/when_judges_disagree.ipynb.
"""

from collections.abc import Mapping
from dataclasses import replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.disagreement_judges import blanks_of
from metaxai_lab.classroom.disagreement_tasks import Kind
from metaxai_lab.core import Attribution, Score
from metaxai_lab.evaluation.admission import Judge


def pleasing(kind: Kind, fill: str) -> Attribution:
    """Explain all rows so that deletion under a fill is pleased, greedily.

    The values of a row are places, moved and stretched so that they add up as exact values do and
    are spread as widely.
    """
    blanks = blanks_of(kind, fill)
    gone = torch.zeros_like(kind.rows).bool()
    places = torch.zeros_like(kind.rows)
    n = kind.rows.shape[-1]
    for left in range(n, 0, -1):
        without = _without_one_more(kind, gone, blanks).masked_fill(gone, float("inf"))
        first = without.argmin(-1, keepdim=True)
        gone = gone.scatter(-1, first, True)
        places = places.scatter(-1, first, float(left))
    exact = kind.exact.values
    places = (places - places.mean(-1, keepdim=True)) / places.std(-1, keepdim=True)
    spread = exact.std(-1, keepdim=True)
    return replace(kind.exact, values=exact.mean(-1, keepdim=True) + spread * places)


def shares_of(
    judge: Judge, exact: Attribution, chance: Attribution, others: Mapping[str, Attribution]
) -> dict[str, float]:
    """Return the marks of some explanations, where `chance` has 0 and the exact values 1."""
    low, high = _mark(judge(chance)), _mark(judge(exact))
    return {name: (_mark(judge(a)) - low) / (high - low) for name, a in others.items()}


def _mark(score: Score) -> float:
    return score.mean * (1 if score.higher_is_better else -1)


def _without_one_more(
    kind: Kind,
    gone: Bool[Tensor, "task row feature"],
    blanks: Float[Tensor, "task fill feature"],
) -> Float[Tensor, "task row feature"]:
    """Return the mean output of each row where each column in turn is taken away as well."""
    n = gone.shape[-1]
    tried = gone[:, :, None] | torch.eye(n, device=gone.device).bool()
    asked = torch.where(tried[:, :, :, None], blanks[:, None, None], kind.rows[:, :, None, None])
    with torch.no_grad():
        outputs = kind.model(asked.flatten(1, 3))[..., 0]
    return outputs.unflatten(1, asked.shape[1:4]).mean(-1)
