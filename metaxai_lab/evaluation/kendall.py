"""Do two judges put the same things in one order? Kendall's tau, for many pairs of judges at once.

Of all pairs of things, those that both put in one order less those that they put the other way
round; ties shorten what is divided by, which is called tau-b. scipy gives the same for one pair of
lists; here stacks of tasks and all judges beside all are one product. Source: Kendall (1938; 1945
for ties). Chapter: book/judging/when_judges_disagree.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def kendall(
    one: Float[Tensor, "*batch n"], other: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch"]:
    """Return tau-b of two lists of marks: 1 in one order, -1 the other way round.

    A list without any order, where all marks tie, gets 0.

    Raises:
        ValueError: if there are fewer than two marks, shapes differ, or a mark is not finite.
    """
    if one.shape != other.shape:
        raise ValueError(
            f"tau compares marks of the same things; found {tuple(one.shape)} beside "
            f"{tuple(other.shape)}."
        )
    first, second = _pairs(one), _pairs(other)
    agreed = (first * second).sum(-1)
    told = first.abs().sum(-1) * second.abs().sum(-1)
    return agreed / told.sqrt().where(told > 0, 1)


def kendall_matrix(
    marks: Float[Tensor, "*batch judge n"],
) -> Float[Tensor, "*batch judge judge"]:
    """Return tau-b of all judges beside all.

    Raises:
        ValueError: as `kendall` does.
    """
    signs = _pairs(marks)
    told = signs.abs().sum(-1)
    length = (told.unsqueeze(-1) * told.unsqueeze(-2)).sqrt()
    return signs @ signs.mT / length.where(length > 0, 1)


def tied(marks: Float[Tensor, "*batch n"], *, share: float = 1e-3) -> Float[Tensor, "*batch n"]:
    """Return marks on steps of `share` of their range, so that what differs by rounding ties.

    Raises:
        ValueError: if `share` is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share of the range lies between 0 and 1; found {share}.")
    low = marks.amin(-1, keepdim=True)
    step = share * (marks.amax(-1, keepdim=True) - low)
    return ((marks - low) / step.where(step > 0, 1)).round()


def _pairs(marks: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch pair"]:
    """Return the sign of the difference of each pair of marks."""
    n = marks.shape[-1]
    if n < 2 or not bool(marks.isfinite().all()):
        raise ValueError(
            f"an order needs two finite marks or more; found {n}, and "
            f"{int((~marks.isfinite()).sum())} that are not finite."
        )
    first, second = torch.triu_indices(n, n, 1, device=marks.device)
    return (marks[..., first] - marks[..., second]).sign()
