"""A meta-learner that learns how to update a base learner, besides where it begins.

From gradient descent it is one change to a step size for each weight, and another to a small
network that reads what is known of a weight and says how far to move it.
Li, Zhou, Chen & Li (2017), section 3.2 (Meta-SGD); Andrychowicz et al. (2016), sections 2 and A
(learned optimisers: one network for all coordinates, gradients on a log scale, read as constants).
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.base_nets import AdaptedModel, Weights
from metaxai_lab.learners.inner_loop import adapted, refuse_loop

LOG_RANGE = 10.0  # gradients from exp(-10) to 1 spread over -1 to 0
N_CLUES = 5


class UpdateRule(nn.Module):
    """Learns across tasks where to begin, and how to step.

    Args:
        net: its weights are the start; `answers` in `base_nets` says what it may be made of.
        kind: "step sizes" learns a rate for each weight, which may become negative; "network"
            learns a small optimiser that all weights share, and a largest move for each layer.
        inner_lr: the rate of each weight, or the largest move of each layer, before any training.

    Raises:
        ValueError: if a setting is out of range.
    """

    def __init__(
        self,
        net: nn.Module,
        kind: Literal["step sizes", "network"] = "step sizes",
        *,
        inner_lr: float = 0.01,
        inner_steps: int = 5,
    ) -> None:
        super().__init__()
        refuse_loop(inner_lr=inner_lr, inner_steps=inner_steps)
        if kind not in RULES:
            raise ValueError(f"kind is {' or '.join(map(repr, RULES))}; found {kind!r}.")
        self.net, self.inner_steps = net, inner_steps
        self.rule = RULES[kind](net, inner_lr, inner_steps)

    def adapt(self, support: Examples, steps: int | None = None) -> AdaptedModel:
        """Return the net after `inner_steps` steps, or `steps`, for one task or a stack of them.

        Raises:
            DivergedError: if a loss or a weight is not finite; the learner is as it was.
            ValueError: if a label is not one of the net's classes, or `steps` is negative.
        """
        return adapted(
            self.net,
            support,
            self.rule,
            steps=self.inner_steps if steps is None else steps,
            order=self.rule.order,
            advice="The learner is as it was. Begin with a lower inner_lr, train with a lower "
            "outer_lr, or scale the columns.",
        )


class StepSizes(nn.Module):
    """Moves each weight by its gradient times a learned rate of its own."""

    order = "second"

    def __init__(self, net: nn.Module, inner_lr: float, inner_steps: int) -> None:
        super().__init__()
        self.names = [name for name, _ in net.named_parameters()]
        rates = [nn.Parameter(torch.full_like(w, inner_lr)) for w in net.parameters()]
        self.rates = nn.ParameterList(rates)

    def forward(self, step: int, weights: Weights, gradients: Weights) -> Weights:
        """Return the weights after the step."""
        rates = dict(zip(self.names, self.rates, strict=True))
        return {k: w.addcmul(rates[k], gradients[k], value=-1) for k, w in weights.items()}


class CoordinateNetwork(nn.Module):
    """Moves each weight by what a small network makes of its gradient, its value and the step.

    Before any training it moves against the gradient, in units of the gradient's usual size in the
    layer, and never further than the layer's bound; training learns when to do otherwise.
    """

    order = "first"

    def __init__(self, net: nn.Module, inner_lr: float, inner_steps: int, width: int = 16) -> None:
        super().__init__()
        self.names = [name for name, _ in net.named_parameters()]
        self.inner_steps = inner_steps
        first = next(net.parameters())
        self.log_bound = nn.Parameter(first.new_full((len(self.names),), inner_lr).log())
        self.read = nn.Linear(N_CLUES, width, device=first.device, dtype=first.dtype)
        self.say = nn.Linear(width, 1, device=first.device, dtype=first.dtype)
        nn.init.zeros_(self.say.weight)
        nn.init.zeros_(self.say.bias)

    def forward(self, step: int, weights: Weights, gradients: Weights) -> Weights:
        """Return the weights after the step."""
        bounds = dict(zip(self.names, self.log_bound.exp(), strict=True))
        share = step / max(self.inner_steps, 1)
        moves = {k: self.direction(w, gradients[k].detach(), share) for k, w in weights.items()}
        return {k: w - bounds[k] * moves[k] for k, w in weights.items()}

    def direction(
        self, weight: Float[Tensor, "task ..."], gradient: Float[Tensor, "task ..."], share: float
    ) -> Float[Tensor, "task ..."]:
        """Return how far to move each weight down its gradient, from -1 to 1."""
        usual = usual_size(gradient)
        relative = gradient / usual
        size, sign = on_log_scale(gradient)
        clues = [relative.tanh(), size, sign, weight, torch.full_like(weight, share)]
        said = self.say(self.read(torch.stack(clues, -1)).tanh()).squeeze(-1)
        return (relative + said).tanh()


RULES = {"step sizes": StepSizes, "network": CoordinateNetwork}


def usual_size(gradient: Float[Tensor, "task ..."]) -> Float[Tensor, "task ..."]:
    """Return the root mean square of each task's gradient over the layer."""
    over = tuple(range(1, gradient.ndim))
    return gradient.square().mean(over, keepdim=True).sqrt() + 1e-12


def on_log_scale(
    gradient: Float[Tensor, "*weights"],
) -> tuple[Float[Tensor, "*weights"], Float[Tensor, "*weights"]]:
    """Return size and sign of a gradient; below exp(-10) the size is -1 and the sign fades out."""
    size = (gradient.abs() + 1e-30).log() / LOG_RANGE
    sign = gradient * torch.e**LOG_RANGE
    return size.clamp_min(-1.0), sign.clamp(-1.0, 1.0)
