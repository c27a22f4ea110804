"""Which coalitions to ask: pairs, chosen one after another and then exchanged, for the least doubt.

A pair is a coalition and all the other columns. Each step takes the pair that lowers the summed
variance of the Shapley values most, given what is already asked. Greed regrets its first choices
later, so then each pair in turn is put back and the best one taken for it, until nothing changes.
No answer is needed for any of this, so the questions are chosen once for all rows. Sources: Krause,
Singh & Guestrin (2008), for the greedy choice; Fedorov (1972), for the exchange.
Chapter: book/local/travelling_explainer.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.explainers.coalition_posterior import Joint
from metaxai_lab.explainers.coalitions import all_coalitions

NOISE = 1e-5  # of the mean variance: below this a question's answer counts as known
PASSES = 4  # over all pairs, at most


def paired_design(
    everything: Joint, n_pairs: int, *, passes: int = PASSES
) -> Bool[Tensor, "query feature"]:
    """Return the coalition of all columns and then, one below the other, the pairs chosen.

    Args:
        everything: all 2^n coalitions, in the order of `all_coalitions`.
        passes: times that each pair may be exchanged; 0 leaves what greed chose.
    """
    n_features = everything.towards.shape[-2]
    pairs: list[int] = []
    for _ in range(n_pairs):
        pairs.append(_best(everything, pairs))
    for _ in range(passes):
        before = list(pairs)
        for place in range(n_pairs):
            pairs[place] = _best(everything, pairs[:place] + pairs[place + 1 :])
        if pairs == before:
            break
    return all_coalitions(n_features, device=everything.asked.device)[_asked(pairs, n_features)]


def _asked(pairs: list[int], n_features: int) -> list[int]:
    """Return the numbers of all coalitions asked: all columns, then each pair."""
    whole = 2**n_features - 1
    return [whole, *(number for one in pairs for number in (one, whole - one))]


def _best(everything: Joint, pairs: list[int]) -> int:
    """Return the pair, by its first number, that lowers the doubt most beside those asked."""
    n_features = everything.towards.shape[-2]
    whole = 2**n_features - 1
    known = _asked(pairs, n_features)
    said = Joint(
        everything.asked[known][:, known],
        everything.towards[:, known],
        everything.shares,
        everything.noise,
    )
    half = torch.linalg.solve_triangular(said.root, everything.asked[known], upper=False)
    done = torch.linalg.solve_triangular(said.root, said.towards.mT, upper=False)
    towards = everything.towards - done.mT @ half
    first = torch.arange(1, 2 ** (n_features - 1), device=half.device)
    gain = _gain(everything.asked, half, towards, first, whole - first)
    gain[[one - 1 for one in pairs]] = -1.0
    alike = (gain / gain.max() * 1e7).round()  # what differs by rounding is a tie: the first wins
    return int(first[alike.argmax()])


def _gain(
    asked: Float[Tensor, "all coalition"],
    half: Float[Tensor, "known coalition"],
    towards: Float[Tensor, "feature coalition"],
    a: Tensor,
    b: Tensor,
) -> Float[Tensor, " pair"]:
    """Return by how much each pair would lower the summed variance of the Shapley values."""
    noise = NOISE * float(asked.diagonal().mean())
    aa = asked[a, a] - half[:, a].square().sum(0) + noise
    bb = asked[b, b] - half[:, b].square().sum(0) + noise
    ab = asked[a, b] - (half[:, a] * half[:, b]).sum(0)
    one, two = towards[:, a], towards[:, b]
    lowered = one.square() * bb + two.square() * aa - 2 * one * two * ab
    return lowered.sum(0) / (aa * bb - ab.square()).clamp(min=1e-14)
