"""Small networks that a meta-learner moves, with weights of their own for each task of a stack.

Tasks that differ in their weights still share every operation: an `Mlp` answers all of them by
batched matrix products, any other net through `vmap`. For the 40-40 net of the chapters the first
way is about twice as fast; a convolution is bound by arithmetic, and there is little to gain.
Source: Finn, Abbeel & Levine (2017), section 5.1, for two hidden layers of 40.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.modules.batchnorm import _BatchNorm

from metaxai_lab.learners.pictures import refuse_other_side

Weights = dict[str, Float[Tensor, "task ..."]]


@runtime_checkable
class AnswersSideBySide(Protocol):
    """A net that knows a faster way than `vmap` to answer with other weights for each task."""

    def side_by_side(
        self, weights: Weights, x: Float[Tensor, "task row feature"]
    ) -> Float[Tensor, "task row output"]:
        """Return what the net with the weights of each task answers to the rows of that task."""
        ...


class Mlp(nn.Module):
    """Linear layers with a ReLU between them.

    Args:
        widths: of the hidden layers.
    """

    def __init__(self, n_in: int, widths: Sequence[int] = (40, 40), n_out: int = 1) -> None:
        super().__init__()
        sizes = [n_in, *widths, n_out]
        layers = [nn.Linear(a, b) for a, b in pairwise(sizes)]
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row output"]:
        """Return the answer of this very net to each row."""
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)

    def side_by_side(
        self, weights: Weights, x: Float[Tensor, "task row feature"]
    ) -> Float[Tensor, "task row output"]:
        """Return what the net with the weights of each task answers to the rows of that task."""
        last = len(self.layers) - 1
        for i in range(last + 1):
            bias, weight = weights[f"layers.{i}.bias"], weights[f"layers.{i}.weight"]
            x = torch.baddbmm(bias.unsqueeze(1), x, weight.transpose(1, 2))
            x = x if i == last else F.relu(x)
        return x


class ConvNet(nn.Module):
    """Four blocks of convolution, normalised picture by picture, and a linear layer: a Conv-4.

    GroupNorm takes the place of batch normalisation: no row leans on another.

    Args:
        side: of the pictures, in pixels; at least 16.
        width: channels of each block.
    """

    def __init__(self, side: int = 28, width: int = 32, n_out: int = 5) -> None:
        super().__init__()
        self.side = side
        self.blocks = nn.Sequential(_block(1, width), *[_block(width, width) for _ in range(3)])
        self.head = nn.Linear(width * (side // 16) ** 2, n_out)

    def forward(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row output"]:
        """Return the answer of this very net to each picture.

        Raises:
            ValueError: if the pictures have another side.
        """
        refuse_other_side(x, self.side)
        maps = self.blocks(x.reshape(-1, 1, self.side, self.side))
        return self.head(maps.flatten(1)).unflatten(0, x.shape[:-1])


def answers(
    net: nn.Module, weights: Weights, x: Float[Tensor, "task row feature"]
) -> Float[Tensor, "task row output"]:
    """Return what `net`, with the weights of each task, answers to the rows of that task.

    Raises:
        ValueError: if a batch normalisation of the net would mix the rows.
    """
    if isinstance(net, AnswersSideBySide):
        return net.side_by_side(weights, x)
    _refuse_mixed_rows(net)

    def one_task(own: dict[str, Tensor], rows: Tensor) -> Tensor:
        return functional_call(net, own, (rows,))

    return vmap(one_task, randomness="different")(weights, x)


def stacked(weights: Mapping[str, Tensor], n_tasks: int) -> Weights:
    """Give each task the same weights: a view with a first axis for the tasks."""
    return {name: w.unsqueeze(0).expand(n_tasks, *w.shape) for name, w in weights.items()}


def head(net: nn.Module) -> list[str]:
    """Return the names of the weights of the last layer that has any."""
    names = [name for name, _ in net.named_parameters()]
    layer = names[-1].rpartition(".")[0]
    return [name for name in names if name.rpartition(".")[0] == layer]


@dataclass(frozen=True, eq=False)
class AdaptedModel:
    """A net with the weights that one task, or each of a stack of tasks, moved it to.

    Args:
        weights: by the names of `net.named_parameters()`; the first axis counts the tasks.
        tasks: the shape of the stack; empty for one task, whose first axis then has length 1.
    """

    net: nn.Module
    weights: Weights
    tasks: tuple[int, ...]

    def __call__(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row output"]:
        """Return the outputs of each row; the model of one task takes rows in any stack.

        Raises:
            ValueError: if `x` is not stacked as the tasks are.
        """
        lead = x.shape[:-1]
        if self.tasks and lead[:-1] != self.tasks:
            raise ValueError(
                f"this model was adapted to a stack of tasks {self.tasks}; x is stacked as "
                f"{tuple(lead[:-1])}. Give each task its rows: x of {(*self.tasks, 'row')}."
            )
        outputs = answers(self.net, self.weights, x.reshape(prod(self.tasks), -1, x.shape[-1]))
        return outputs.reshape(*lead, outputs.shape[-1])


def _block(n_in: int, n_out: int) -> nn.Sequential:
    convolution = nn.Conv2d(n_in, n_out, 3, padding=1)
    return nn.Sequential(convolution, nn.MaxPool2d(2), nn.GroupNorm(1, n_out), nn.ReLU())


def _refuse_mixed_rows(net: nn.Module) -> None:
    for name, part in net.named_modules():
        if isinstance(part, _BatchNorm) and (part.training or part.running_mean is None):
            raise ValueError(
                f"{name} is a {type(part).__name__} that normalises by the rows it meets: the "
                "query rows of a task would answer for each other. Use nn.GroupNorm in its place."
            )
