"""How near is an estimate to the exact values? Error, top k, signs and order, from one function.

Beside each mark stands that of the same values in random places; for three of the four it is the
mean over all orders, in closed form, and for the error the root of the mean square. Source: Agarwal
et al. (2022), OpenXAI, whose feature, sign and rank agreement these are, with ties shared.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Score
from metaxai_lab.evaluation.agreement import rank_correlation

Rows = Float[Tensor, "*batch feature"]
Marks = Float[Tensor, "*batch"]


@dataclass(frozen=True)
class ExactAgreement:
    """Four marks of one estimate, row by row.

    Args:
        error: the length of what is missed, as a share of the length of the exact values; lower is
            better. A row whose exact values are all 0 is not divided by.
        top_k: of the k columns of most weight, the share that are so by the exact values too.
        sign: the share of columns with the right sign, where 0 is a sign of its own.
        rank: Spearman's correlation of the sizes; 0 where one of the two has no order.
    """

    error: Score
    top_k: Score
    sign: Score
    rank: Score

    def __iter__(self):
        """Go through the four scores, so that a judge can ask each of them."""
        return iter((self.error, self.top_k, self.sign, self.rank))


def exact_agreement(values: Rows, exact: Rows, *, k: int = 3) -> ExactAgreement:
    """Compare an estimate with the exact values of the same rows.

    Args:
        k: how many columns of most weight `top_k` compares; those that tie for the last places
            share them.

    Raises:
        ValueError: if the two have other shapes, a value is not finite, or `k` is not from 1 to the
            number of columns.
    """
    _refuse_unfit(values, exact, k)
    values, exact = values.detach(), exact.detach().to(values)
    error = Score("error", *_error(values, exact), higher_is_better=False)
    top = Score("top k", *_top_k(values, exact, k), sensitive_to=("k",))
    order = rank_correlation(values.abs(), exact.abs())
    rank = Score("rank", order, torch.zeros_like(order))
    return ExactAgreement(error, top, Score("sign", *_sign(values, exact)), rank)


def among_top(sizes: Rows, k: int) -> Rows:
    """Say of each column how far it is among the top k: 1, 0, or its share of the last places."""
    last = sizes.topk(k).values[..., -1:]
    above, tied = (sizes > last).to(sizes), (sizes == last).to(sizes)
    left = k - above.sum(-1, keepdim=True)
    return above + tied * left / tied.sum(-1, keepdim=True)


def _error(values: Rows, exact: Rows) -> tuple[Marks, Marks]:
    length = exact.norm(dim=-1)
    unit = length.where(length > 0, 1)
    means = values.mean(-1) * exact.mean(-1) * exact.shape[-1]
    squares = values.square().sum(-1) + exact.square().sum(-1) - 2 * means
    return (values - exact).norm(dim=-1) / unit, squares.clamp_min(0).sqrt() / unit


def _top_k(values: Rows, exact: Rows, k: int) -> tuple[Marks, Marks]:
    one, other = (among_top(found.abs(), k) for found in (values, exact))
    pairs = torch.minimum(one.unsqueeze(-1), other.unsqueeze(-2)).sum((-2, -1))
    return torch.minimum(one, other).sum(-1) / k, pairs / (k * exact.shape[-1])


def _sign(values: Rows, exact: Rows) -> tuple[Marks, Marks]:
    agreed = (values.sign() == exact.sign()).to(values).mean(-1)
    shares = [
        torch.stack([(found.sign() == sign).to(values).mean(-1) for sign in (-1, 0, 1)])
        for found in (values, exact)
    ]
    return agreed, (shares[0] * shares[1]).sum(0)


def _refuse_unfit(values: Tensor, exact: Tensor, k: int) -> None:
    if values.shape != exact.shape:
        raise ValueError(
            f"an estimate is compared with the exact values row by row: {tuple(values.shape)} "
            f"beside {tuple(exact.shape)}. Ask both about the same rows."
        )
    for name, found in (("the estimate", values), ("the exact values", exact)):
        n_bad = int((~found.isfinite()).sum())
        if n_bad:
            raise ValueError(f"{n_bad} numbers of {name} are not finite; leave their rows out.")
    if not 1 <= k <= values.shape[-1]:
        raise ValueError(f"k counts columns, 1 to {values.shape[-1]}; found {k}.")
