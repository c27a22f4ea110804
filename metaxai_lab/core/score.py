"""A score says how good an explanation is, which way is better, and what it depends on.

Hedström et al. (2023) for the idea that a metric names its direction.
Chapter: book/attention/from_equations.ipynb.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Score:
    """One judge's marks, one per explained row.

    Args:
        name: what was judged, such as "mass in mask".
        values: the marks.
        chance: the marks an explanation that knows nothing would get, row by row.
        higher_is_better: the direction.
        sensitive_to: the settings on which the verdict depends.
    """

    name: str
    values: Float[Tensor, "*batch"]
    chance: Float[Tensor, "*batch"] | None = None
    higher_is_better: bool = True
    sensitive_to: tuple[str, ...] = ()

    @property
    def mean(self) -> float:
        """The average mark."""
        return float(self.values.mean())

    @property
    def mean_chance(self) -> float:
        """The average mark of an explanation that knows nothing.

        Raises:
            ValueError: if the score has no chance level.
        """
        if self.chance is None:
            raise ValueError(f"the score {self.name!r} was made without a chance level.")
        return float(self.chance.mean())

    @property
    def lift(self) -> float:
        """How many times the chance level the average mark is."""
        return self.mean / self.mean_chance
