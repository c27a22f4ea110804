"""A base learner guided by gates: linear regression that knows which columns tend to matter.

Gates learned across tasks can guide in three ways: as a penalty of their own for each column, as a
factor on the inputs, or beside a learned start of the weights. In each the base learner is ridge in
closed form, and the gates learn through it. Idea of the penalty: Zou (2006), the adaptive lasso,
here for ridge; closed form inside a meta-learner: Bertinetto et al. (2019), section 3.
Chapter: book/importance/guiding_a_learner.ipynb.
"""

from dataclasses import dataclass
from math import log
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.adaptive_ridge import adaptive_ridge
from metaxai_lab.learners.feature_gates import FeatureGates, Gates
from metaxai_lab.learners.linear_model import LinearModel
from metaxai_lab.learners.standardised import Standardised, standardised

WAYS = ("inputs", "penalty", "initialisation")
FLOOR = 1e-6  # of a gate: its column is not quite closed, and its gradient does not vanish


class Guided(nn.Module):
    """Linear regression on the support rows of a task, guided by gates that were read from them.

    Labels 0 and 1 are regressed as numbers: the output is the predicted mean, which for labels is
    a chance of class 1 that may leave the interval from 0 to 1 a little. Support rows whose targets
    are all one, as of one class, give a model that answers it always.

    Args:
        gates: what reads the support rows.
        by: "penalty" lets the weight of a column cost penalty / gate; "inputs" multiplies the
            columns by their gates, which is the same as penalty / gate^2; "initialisation" is
            "penalty" where a weight costs by its distance from a start, which is learned for each
            column, or, where columns have no vectors of their own, read from the support.

    Raises:
        ValueError: if `by` is not one of the three ways.
    """

    start: nn.Parameter | nn.Linear | None

    def __init__(
        self,
        gates: FeatureGates,
        *,
        by: Literal["inputs", "penalty", "initialisation"] = "penalty",
    ) -> None:
        super().__init__()
        if by not in WAYS:
            raise ValueError(f"by is one of {', '.join(map(repr, WAYS))}; found {by!r}.")
        self.gates, self.by = gates, by
        self.log_penalty = nn.Parameter(torch.tensor(log(0.05)))
        self.start = _first_weights(gates) if by == "initialisation" else None

    def adapt(self, support: Examples, gates: Gates | None = None) -> "GuidedModel":
        """Return the model of one task, or of a stacked batch of tasks.

        Args:
            gates: guide by these, in place of those that are read from the support.

        Raises:
            ValueError: if there is only one row, a value is NaN or infinite, or the columns are not
                as many as the gates were made for.
        """
        rows = standardised(support)
        tokens = self.gates.tokens(rows)
        gates = self.gates.said(rows, tokens) if gates is None else gates
        free = gates.weights.square() if self.by == "inputs" else gates.weights
        penalty = (self.log_penalty.exp() * rows.y.shape[-1]).expand(rows.y.shape[:-1])
        start = self._start(rows, tokens)
        fitted = adaptive_ridge(rows.x, rows.y, free + FLOOR, penalty, start)
        weights = fitted * rows.y_size[..., None] / rows.size
        return GuidedModel(weights, rows.y_mean - (weights * rows.mean).sum(-1), gates)

    def _start(
        self, rows: Standardised, tokens: Float[Tensor, "*tasks feature width"]
    ) -> Float[Tensor, "*tasks feature"] | None:
        if self.start is None:
            return None
        if isinstance(self.start, nn.Parameter):
            return self.start * rows.varies
        alone = (rows.x.mT @ rows.y[..., None])[..., 0] / rows.y.shape[-1]
        return self.start(tokens)[..., 0] * alone


@dataclass(frozen=True, eq=False)
class GuidedModel(LinearModel):
    """A linear model of each task, in its support's own units, and the gates that guided it.

    Args:
        gates: what was read from the support.
    """

    gates: Gates


def _first_weights(gates: FeatureGates) -> nn.Parameter | nn.Linear:
    if gates.n_features is not None:
        return nn.Parameter(torch.zeros(gates.n_features))
    read = nn.Linear(gates.width, 1)
    nn.init.zeros_(read.weight)
    nn.init.zeros_(read.bias)
    return read
