"""A gate for each feature, read from the row alone: the printed model of document B, ported.

    g = sigmoid(dense(x))        y = dense_1(relu(dense_32(x * g)))

The training loop, which the print leaves out, comes in two forms: all tasks in one pot (`Pooled` on
a `RowGated`), and in two loops, the base learner inside a task and the gates across them
(`RowGatedLearner`). Chapter: book/importance/gates.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.base_nets import AdaptedModel, Weights
from metaxai_lab.learners.inner_loop import adapted, refuse_loop


class RowGates(nn.Module):
    """The printed meta-learner: a gate in (0, 1) for each feature of a row."""

    def __init__(self, n_features: int) -> None:
        super().__init__()
        self.dense = nn.Linear(n_features, n_features)

    def forward(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row feature"]:
        """Return the gates of each row; nothing but the row is seen."""
        return self.dense(x).sigmoid()


class GatedBase(nn.Module):
    """The printed base learner: a small net on the features times their gates."""

    def __init__(self, n_features: int, width: int = 32) -> None:
        super().__init__()
        self.dense1 = nn.Linear(n_features, width)
        self.dense2 = nn.Linear(width, 1)

    def forward(
        self,
        x: Float[Tensor, "*tasks row feature"],
        gates: Float[Tensor, "*tasks row feature"],
    ) -> Float[Tensor, "*tasks row 1"]:
        """Return one output for each row."""
        return self.dense2(self.dense1(x * gates).relu())


class RowGated(nn.Module):
    """Both together: what the printed `predict` computes."""

    def __init__(self, n_features: int, width: int = 32) -> None:
        super().__init__()
        self.meta = RowGates(n_features)
        self.base = GatedBase(n_features, width)

    def forward(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row 1"]:
        """Return one output for each row."""
        return self.base(x, self.meta(x))

    def side_by_side(
        self, weights: Weights, x: Float[Tensor, "task row feature"]
    ) -> Float[Tensor, "task row output"]:
        """Return what the net with the weights of each task answers to the rows of that task."""

        def layer(name: str, rows: Tensor) -> Tensor:
            bias, weight = weights[f"{name}.bias"], weights[f"{name}.weight"]
            return torch.baddbmm(bias.unsqueeze(1), rows, weight.transpose(1, 2))

        gates = layer("meta.dense", x).sigmoid()
        return layer("base.dense2", layer("base.dense1", x * gates).relu())

    def reach(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row feature"]:
        """Return each gate times the length of its feature's column in the first dense layer.

        Halve a gate and double its column: the outputs stay, and so does this.
        """
        return self.meta(x) * self.base.dense1.weight.norm(dim=0)


class RowGatedLearner(nn.Module):
    """Two loops: the base learner steps inside a task, its start and the gates across tasks.

    Args:
        net: its gates never move inside a task.
        inner_lr: the length of a step, as a multiple of the gradient.

    Raises:
        ValueError: if a setting is out of range.
    """

    def __init__(self, net: RowGated, *, inner_lr: float = 0.1, inner_steps: int = 5) -> None:
        super().__init__()
        refuse_loop(inner_lr=inner_lr, inner_steps=inner_steps)
        self.net, self.inner_lr, self.inner_steps = net, inner_lr, inner_steps

    def adapt(self, support: Examples, steps: int | None = None) -> AdaptedModel:
        """Return the net after the inner steps of its base learner, for one task or a stack.

        Raises:
            DivergedError: if a loss or a weight is not finite; the learner is as it was.
            ValueError: if `steps` is negative.
        """
        return adapted(
            self.net,
            support,
            self._move,
            steps=self.inner_steps if steps is None else steps,
            order="second",
            only=[name for name, _ in self.net.named_parameters() if name.startswith("base.")],
            advice=f"Lower inner_lr ({self.inner_lr}) or scale the columns.",
        )

    def _move(self, step: int, weights: Weights, gradients: Weights) -> Weights:
        return {k: w.sub(gradients[k], alpha=self.inner_lr) for k, w in weights.items()}
