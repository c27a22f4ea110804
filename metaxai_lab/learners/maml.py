"""MAML: a start from which a few gradient steps on the support rows go far.

Outer training moves the start through the inner steps (second order), as if the steps were
constants (first order), or lets only the last layer move in a task (ANIL).
Finn, Abbeel & Levine (2017), algorithm 2; Raghu et al. (2020), section 4, for ANIL.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.base_nets import AdaptedModel, Weights, head
from metaxai_lab.learners.inner_loop import Order, adapted, refuse_loop


class Maml(nn.Module):
    """Learns across tasks where gradient descent on a new task should begin.

    Args:
        net: its weights are the start; `answers` in `base_nets` says what it may be made of.
        inner_lr: the length of a step, as a multiple of the gradient.
        order: "second" trains the start through the steps; "first" is cheaper and leaves out how a
            step depends on the start.
        moves: "all" weights of the net adapt, or those of its last layer, the "head" (ANIL).

    Raises:
        ValueError: if a setting is out of range.
    """

    def __init__(
        self,
        net: nn.Module,
        *,
        inner_lr: float = 0.01,
        inner_steps: int = 5,
        order: Order = "second",
        moves: Literal["all", "head"] = "all",
    ) -> None:
        super().__init__()
        refuse_loop(inner_lr=inner_lr, inner_steps=inner_steps, order=order)
        if moves not in ("all", "head"):
            raise ValueError(f"moves is 'all' or 'head'; found {moves!r}.")
        self.net, self.inner_lr, self.inner_steps = net, inner_lr, inner_steps
        self.order: Order = order
        self.moves = moves

    def adapt(
        self,
        support: Examples,
        steps: int | None = None,
        *,
        row_weights: Float[Tensor, "*tasks row"] | None = None,
    ) -> AdaptedModel:
        """Return the net after `inner_steps` steps, or `steps`, for one task or a stack of them.

        Args:
            row_weights: how much each support row counts in the inner loss; all alike if None.

        Raises:
            DivergedError: if a loss or a weight is not finite; the learner is as it was.
            ValueError: if a label is not one of the net's classes, or `steps` is negative.
        """
        return adapted(
            self.net,
            support,
            self._move,
            steps=self.inner_steps if steps is None else steps,
            order=self.order,
            only=head(self.net) if self.moves == "head" else None,
            row_weights=row_weights,
            advice=f"Lower inner_lr ({self.inner_lr}) or scale the columns; the learner is as "
            "it was.",
        )

    def _move(self, step: int, weights: Weights, gradients: Weights) -> Weights:
        return {k: w.sub(gradients[k], alpha=self.inner_lr) for k, w in weights.items()}
