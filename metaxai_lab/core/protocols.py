"""The joints of the building: a model, a learner that adapts to one, an explainer that reads it.

`adapt(support)` returns a plain callable, so query labels cannot leak in and explainers never hear
of meta-learning. Chapter: book/appendix/architecture.md.
"""

from typing import Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.core.attribution import Attribution
from metaxai_lab.core.episode import Examples


@runtime_checkable
class Model(Protocol):
    """Any callable from rows to one output per class, in log-odds."""

    def __call__(
        self, x: Float[Tensor, "*tasks row feature"], /
    ) -> Float[Tensor, "*tasks row class"]:
        """Return the outputs of each row."""
        ...


@runtime_checkable
class AttendingModel(Protocol):
    """A model that can also say where it looked."""

    def __call__(
        self, x: Float[Tensor, "*tasks row feature"], /
    ) -> Float[Tensor, "*tasks row class"]:
        """Return the outputs of each row."""
        ...

    def attention(
        self, x: Float[Tensor, "*tasks row feature"], /
    ) -> Float[Tensor, "*tasks row height width"]:
        """Return the weight of each cell of the feature map; each map sums to 1."""
        ...


@runtime_checkable
class MetaLearner(Protocol):
    """Turns the support rows of a task into a model of that task: the inner loop."""

    def adapt(self, support: Examples) -> Model:
        """Return the model of the task that `support` was drawn from."""
        ...


@runtime_checkable
class Explainer(Protocol):
    """A function with its own knobs already bound: the same question to every method."""

    def __call__(
        self,
        model: Model,
        x: Float[Tensor, "*tasks row feature"],
        *,
        target: int | Int[Tensor, "*tasks row"],
    ) -> Attribution:
        """Explain output `target` of `model`, one for all rows or one for each, for rows of `x`."""
        ...
