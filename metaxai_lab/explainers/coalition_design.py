"""Which coalitions to ask: pairs, chosen one after another, that leave the least doubt.

A pair is a coalition and all the other columns. Each step takes the pair that lowers the summed
variance of the Shapley values most, given what is already asked; no answer is needed for that, so
the questions are chosen once for all rows. Source: greedy A-optimal design, as in Krause, Singh &
Guestrin (2008). Chapter: book/local/travelling_explainer.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.explainers.coalition_posterior import Joint
from metaxai_lab.explainers.coalitions import all_coalitions

NOISE = 1e-5  # of the mean variance: below this a question's answer counts as known


def paired_design(everything: Joint, n_pairs: int) -> Bool[Tensor, "query feature"]:
    """Return the coalition of all columns and then, one below the other, the pairs chosen.

    Args:
        everything: all 2^n coalitions, in the order of `all_coalitions`.
    """
    n_features = everything.towards.shape[-2]
    whole = 2**n_features - 1
    together = torch.cat([everything.asked, everything.towards])
    noise = NOISE * float(everything.asked.diagonal().mean())
    together = _known(together, whole)
    first = torch.arange(1, 2 ** (n_features - 1), device=together.device)
    free = torch.ones(len(first), dtype=torch.bool, device=together.device)
    chosen = [whole]
    for _ in range(n_pairs):
        gain = _gain(together, first, whole - first, noise).where(free, -1.0)
        best = int(gain.argmax())
        free[best] = False
        for coalition in (int(first[best]), whole - int(first[best])):
            together = _known(together, coalition)
            chosen.append(coalition)
    return all_coalitions(n_features, device=together.device)[chosen]


def _known(
    together: Float[Tensor, "all coalition"], coalition: int
) -> Float[Tensor, "all coalition"]:
    """Return the covariances that are left once the answer of a coalition is known."""
    variance = together[coalition, coalition]
    if float(variance) < 1e-12:
        return together
    return torch.addr(together, together[:, coalition], together[coalition] / variance, alpha=-1)


def _gain(
    together: Float[Tensor, "all coalition"], a: Tensor, b: Tensor, noise: float
) -> Float[Tensor, " pair"]:
    """Return by how much each pair would lower the summed variance of the Shapley values."""
    towards = together[together.shape[1] :]
    aa, bb, ab = together[a, a] + noise, together[b, b] + noise, together[a, b]
    one, two = towards[:, a], towards[:, b]
    lowered = one.square() * bb + two.square() * aa - 2 * one * two * ab
    return lowered.sum(0) / (aa * bb - ab.square()).clamp(min=1e-14)
