"""Soft trees: every split leans instead of deciding, so that a tree can be trained by gradients.

A node asks about a mixture of columns and sends a share of each row to either side; in the course
of training mixture and sides get sharp, and at last the tree is hardened into one that can be read.
With gradients comes a learned start: Reptile moves it towards where training on each teacher ends.
Sources: Frosst & Hinton (2017) for soft trees; Nichol, Achiam & Schulman (2018) for Reptile.
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.explainers.heap_trees import HeapTrees, with_leaves

SHARPER = (1.0, 0.2), (4.0, 12.0)  # first and last: temperature of a mixture, slope of a side
Weights = dict[str, Tensor]


def soft_start(n_features: int, *, depth: int = 3, generator: Generator) -> Weights:
    """Draw the weights of one soft tree: mixtures, thresholds and scores of the leaves."""
    n_nodes = 2**depth - 1
    sizes = {"mixture": ((n_nodes, n_features), 0.5), "threshold": ((n_nodes,), 0.3)}
    sizes["leaf"] = ((n_nodes + 1,), 0.5)
    return {n: s * torch.randn(shape, generator=generator) for n, (shape, s) in sizes.items()}


def soft_scores(
    weights: Weights, x: Float[Tensor, "task row feature"], sharpness: float
) -> Float[Tensor, "task row"]:
    """Return the score of each row: of all leaves, as far as the row falls into them.

    Args:
        weights: stacked, one tree for each task.
        sharpness: from 0, soft, to 1.
    """
    (t0, t1), (s0, s1) = SHARPER
    mixture = (weights["mixture"] / (t0 + (t1 - t0) * sharpness)).softmax(-1)
    asked = x @ mixture.mT - weights["threshold"][:, None]
    yes = torch.sigmoid((s0 + (s1 - s0) * sharpness) * asked)
    share, first = torch.ones_like(yes[..., :1]), 0
    while first < yes.shape[-1]:
        side = yes[..., first : 2 * first + 1]
        share = torch.stack([share * (1 - side), share * side], -1).flatten(-2)
        first = 2 * first + 1
    return (share * weights["leaf"][:, None]).sum(-1)


def train_soft(
    start: Weights,
    x: Float[Tensor, "task row feature"],
    labels: Bool[Tensor, "task row"],
    *,
    steps: int,
    lr: float = 0.05,
) -> Weights:
    """Return the weights of a soft tree for each task, trained from one start by Adam."""
    n_tasks = len(x)
    stack = {n: w.to(x).expand(n_tasks, *w.shape).clone() for n, w in start.items()}
    for weight in stack.values():
        weight.requires_grad_()
    optimiser = torch.optim.Adam(list(stack.values()), lr, fused=True)
    for step in range(steps):
        scores = soft_scores(stack, x, step / max(1, steps))
        loss = F.binary_cross_entropy_with_logits(scores, labels.to(x), reduction="none")
        optimiser.zero_grad()
        loss.mean(1).sum().backward()
        optimiser.step()
    return {n: w.detach() for n, w in stack.items()}


def reptile(
    start: Weights,
    draw: Callable[[], tuple[Tensor, Tensor]],
    *,
    rounds: int,
    steps: int,
    pace: float = 0.5,
) -> Weights:
    """Return a start that was moved, round by round, towards where training on new tasks ends.

    Args:
        draw: gives rows and labels of some tasks.
        pace: the share of the way that the first round goes; later rounds go less.
    """
    for turn in range(rounds):
        ends = train_soft(start, *draw(), steps=steps)
        share = pace * (1 - turn / rounds)
        start = {n: w + share * (ends[n].mean(0) - w) for n, w in start.items()}
    return start


def hardened(
    weights: Weights, x: Float[Tensor, "task row feature"], labels: Bool[Tensor, "task row"]
) -> HeapTrees:
    """Return trees that ask, at each node, about the column with the largest share alone."""
    return with_leaves(weights["mixture"].argmax(-1), weights["threshold"], x, labels)
