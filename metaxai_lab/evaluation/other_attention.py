"""Could the same answers have come with another attention?

Weights quite unlike the model's that give nearly its answers show that one answer does not tell its
weights; whether the weights were then no reason for it is disputed. Unlike is measured by the
Jensen-Shannon divergence, 0 to ln 2, nearly by the total variation of the probabilities, 0 to 1.
Source: Jain & Wallace (2019), sections 4.2.1 and 4.2.2.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Generator, Tensor

Answer = Callable[[Float[Tensor, "*tasks row part"]], Float[Tensor, "*tasks row class"]]
Weights = Float[Tensor, "*tasks row part"]


def total_variation(
    p: Float[Tensor, "*batch n"], q: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch"]:
    """Return half the sum of the differences: the most that any event's probability moves."""
    return 0.5 * (p - q).abs().sum(-1)


def jensen_shannon(
    p: Float[Tensor, "*batch n"], q: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch"]:
    """Return how far two distributions lie apart: 0 where equal, ln 2 where they never overlap."""
    middle = 0.5 * (p + q)

    def entropy(r: Tensor) -> Tensor:
        return -torch.special.xlogy(r, r.clamp_min(1e-30)).sum(-1)

    return (entropy(middle) - 0.5 * (entropy(p) + entropy(q))).clamp_min(0.0)


def permuted(weights: Weights, *, generator: Generator) -> Weights:
    """Return the weights of each row in a random order."""
    order = torch.rand(weights.shape, generator=generator).argsort(-1).to(weights.device)
    return weights.gather(-1, order)


def adversarial(
    answer: Answer,
    weights: Weights,
    *,
    most_change: float,
    steps: int = 100,
    lr: float = 0.3,
    generator: Generator,
) -> Weights:
    """Search for weights as unlike as can be whose answers move by `most_change` at most.

    Each row is searched by itself, all side by side, from two starts: near its own weights, and at
    random. The most unlike weights on the way that kept the answer are returned, and a row's own
    where there were none.

    Args:
        answer: from weights to outputs; everything else of the model stays.
        most_change: the total variation allowed.

    Raises:
        ValueError: if `most_change` is not between 0 and 1.
    """
    if not 0 <= most_change <= 1:
        raise ValueError(f"a total variation lies between 0 and 1; found {most_change}.")
    with torch.no_grad():
        said = answer(weights).softmax(-1)
    best, found = weights, torch.zeros_like(weights[..., 0])
    for own in (1.0, 0.0):
        noise = torch.randn(weights.shape, generator=generator).to(weights)
        scores = own * weights.clamp_min(1e-6).log() + (2 - own) * noise
        scores = scores.detach().requires_grad_()
        adam = torch.optim.Adam([scores], lr=lr)
        for _ in range(steps):
            tried = scores.softmax(-1)
            change = total_variation(answer(tried).softmax(-1), said)
            unlike = jensen_shannon(tried, weights)
            better = (change <= most_change) & (unlike > found)
            found = torch.where(better, unlike, found).detach()
            best = torch.where(better.unsqueeze(-1), tried, best).detach()
            loss = (20 * (change - 0.8 * most_change).relu() - unlike).sum()
            (scores.grad,) = torch.autograd.grad(loss, scores)
            adam.step()
    return best
