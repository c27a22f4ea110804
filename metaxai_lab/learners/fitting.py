"""Fitting a net to the rows of a task with Adam, all tasks side by side: what the baselines do.

Adam moves each weight by itself, so one optimiser over stacked weights is one for each task. The
models that come out are constants: nothing is learned across tasks here.
Source: Kingma & Ba (2015) for Adam; Loshchilov & Hutter (2019) for its weight decay.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from metaxai_lab.core import Examples
from metaxai_lab.learners.base_nets import AdaptedModel, Weights, answers
from metaxai_lab.learners.inner_loop import (
    constants,
    one_stack,
    refuse_divergence,
    refuse_labels,
    refuse_loop,
    task_losses,
)


@dataclass(frozen=True)
class Knobs:
    """How a net is fitted to the support rows of a task.

    Args:
        inner_lr: Adam's learning rate.
        weight_decay: AdamW's.
    """

    inner_lr: float = 0.01
    inner_steps: int = 100
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        refuse_loop(inner_lr=self.inner_lr, inner_steps=self.inner_steps)
        if self.weight_decay < 0:
            raise ValueError(f"weight_decay is 0 or more; found {self.weight_decay}.")


def fitted(
    net: nn.Module, start: Weights, support: Examples, knobs: Knobs, stops: Sequence[int]
) -> list[AdaptedModel]:
    """Fit the weights of every task to its support rows; return the models after each of `stops`.

    Raises:
        DivergedError: if a loss or a weight is not finite.
        ValueError: if a label is not one of the net's classes, or a stop is negative.
    """
    if min(stops) < 0:
        raise ValueError(f"fitting makes 0 steps or more; found {min(stops)}.")
    tasks, losses, found = tuple(support.y.shape[:-1]), [], {}
    with torch.inference_mode(False), torch.enable_grad():
        rows = one_stack(support)
        weights = {name: w.detach().clone().requires_grad_() for name, w in start.items()}
        adam = AdamW(
            weights.values(), lr=knobs.inner_lr, weight_decay=knobs.weight_decay, fused=True
        )
        for step in range(max(stops)):
            if step in stops:
                found[step] = copied(weights)
            losses.append(_step(net, weights, rows, adam, check=step == 0))
        found[max(stops)] = constants(weights)
    refuse_divergence(losses, found[max(stops)], tasks, f"Lower inner_lr ({knobs.inner_lr}).")
    return [AdaptedModel(net, found[stop], tasks) for stop in stops]


def copied(weights: Weights) -> Weights:
    """Return the weights as they are now."""
    return {name: weight.detach().clone() for name, weight in weights.items()}


def _step(net: nn.Module, weights: Weights, rows: Examples, adam: AdamW, *, check: bool) -> Tensor:
    """Move `weights` in place; return the losses before."""
    outputs = answers(net, weights, rows.x)
    if check:
        refuse_labels(rows.y, outputs.shape[-1])
    losses = task_losses(outputs, rows.y)
    adam.zero_grad()
    # backward, not grad: it lays a gradient out in memory like its weight, as fused Adam takes it
    torch.autograd.backward(losses.sum(), inputs=list(weights.values()))
    adam.step()
    return losses.detach()
