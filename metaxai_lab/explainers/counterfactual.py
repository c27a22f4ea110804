"""What would have changed the answer: the fewest, or the cheapest, changes that may be made.

An attribution says what carried an answer; a counterfactual says what would turn it. Values move in
whole steps, so that what is said to the person is what was asked of the model: a value that is
rounded afterwards may stop short. For a linear model the answer is exact: for each choice of
columns all steps of all but one are tried, and the last needs the gap over its weight, rounded up.
Any other model is asked about every choice of steps, see `search_counterfactual`.
Source: Wachter, Mittelstadt & Russell (2018), section 2; Ustun, Spangher & Liu (2019), section 3,
for actions in steps and linear models. Chapter: book/applications/finance.ipynb.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

DIRECTIONS = {"up": 1, "down": -1, "both": 0}
NEVER = "never"


@dataclass(frozen=True)
class Allowed:
    """Which columns may change, which way, how far, in which steps and at which price.

    Args:
        low: the least value of each column.
        high: the largest.
        step: a change is a whole number of these.
        price: of one step.
        way: "up", "down", "both" or "never" for each column.
        reach: the most steps of each column; None for no limit but the range.

    Raises:
        ValueError: if a way is none of these, or a step or price is not positive.
    """

    low: Float[Tensor, " feature"]
    high: Float[Tensor, " feature"]
    step: Float[Tensor, " feature"]
    price: Float[Tensor, " feature"]
    way: tuple[str, ...]
    reach: Int[Tensor, " feature"] | None = None

    def __post_init__(self) -> None:
        strange = sorted(set(self.way) - {*DIRECTIONS, NEVER})
        if strange or len(self.way) != len(self.step):
            raise ValueError(
                f"each of {len(self.step)} columns has a way of its own: up, down, both or never; "
                f"found {len(self.way)}, of which unknown: {strange}."
            )
        if not bool((self.step > 0).all() and (self.price > 0).all()):
            raise ValueError("a step and its price are above 0; give `never` to what is fixed.")

    def steps(
        self, x: Float[Tensor, "row feature"]
    ) -> tuple[Int[Tensor, "row feature"], Int[Tensor, "row feature"]]:
        """Return how many steps each value may go up, and how many down."""
        little = 1e-4  # of a step: 32 bits do not hold every multiple of a tenth

        def room(width: Tensor, *ways: str) -> Tensor:
            steps = (width / self.step + little).floor().clamp_min(0).long()
            may = torch.tensor([way in ways for way in self.way], device=x.device)
            return (steps if self.reach is None else steps.minimum(self.reach)) * may

        return room(self.high - x, "up", "both"), room(x - self.low, "down", "both")


@dataclass(frozen=True)
class Counterfactual:
    """What turns each answer.

    Args:
        rows: the rows as they were.
        changed: the same with the changes made; where nothing was found, as they were.
        steps: how many steps each column went, down with a minus.
        cost: the price of all steps; infinite where nothing was found.
    """

    rows: Float[Tensor, "row feature"]
    changed: Float[Tensor, "row feature"]
    steps: Int[Tensor, "row feature"]
    cost: Float[Tensor, " row"]

    @property
    def found(self) -> Bool[Tensor, " row"]:
        """Mark the rows for which there is one."""
        return self.cost.isfinite()

    def sentence(
        self, row: int, names: Sequence[str], units: Sequence[str] = (), *, digits: int = 1
    ) -> str:
        """Say which columns would have to have which value, as numbers with so many digits."""
        said = [
            f"{names[c]} {self.changed[row, c]:.{digits}f} instead of "
            f"{self.rows[row, c]:.{digits}f}{f' ({units[c]})' if units else ''}"
            for c in self.steps[row].nonzero()[:, 0].tolist()
        ]
        return " and ".join(said) or "nothing within the allowed changes turns the answer"


def linear_counterfactual(
    weights: Float[Tensor, " feature"],
    intercept: float,
    rows: Float[Tensor, "row feature"],
    allowed: Allowed,
    *,
    bound: float,
    margin: float = 1e-3,
    most: int = 3,
    prefer: str = "cheapest",
) -> Counterfactual:
    """Return the exact change that puts each row at `bound` or above; rows there need none.

    Args:
        margin: how far beyond the bound the answer has to lie.
        most: the most columns that may change.
        prefer: "cheapest" counts prices only; "fewest" counts columns first.

    Raises:
        ValueError: if `prefer` is neither of the two, or `most` is below 1.
    """
    refuse_choice(prefer, most)
    up, down = allowed.steps(rows)
    towards = torch.where(weights >= 0, 1, -1)
    room = torch.where(weights >= 0, up, down)
    gain = (weights.abs() * allowed.step).double()
    gap = bound + margin - (rows.double() @ weights.double() + intercept)
    best = Best(rows, allowed, prefer, gap <= margin)
    movable = [c for c in range(len(gain)) if gain[c] > 0 and int(room[:, c].max()) > 0]
    for size in range(1, most + 1):
        for columns in combinations(movable, size):
            *free, last = columns
            for steps in _grids(room, free):
                left = gap[:, None] - steps.double() @ gain[free]
                needed = (left / gain[last]).ceil().clamp_min(1).long()
                reached = (needed <= room[:, [last]]) & (steps <= room[:, None, free]).all(-1)
                whole = torch.cat([steps.expand(len(rows), -1, -1), needed[..., None]], -1)
                best.offer(columns, whole * towards[list(columns)], reached)
    return best.answer()


@dataclass
class Best:
    """The best change of each row so far, as choices are offered in ascending number of columns."""

    rows: Tensor
    allowed: Allowed
    prefer: str
    turned: Tensor  # rows whose answer needs no change

    def __post_init__(self) -> None:
        self.steps = torch.zeros_like(self.rows, dtype=torch.long)
        self.cost = self.rows.new_full((len(self.rows),), torch.inf).where(~self.turned, 0)
        self.count = self.cost.clone()

    def offer(self, columns: Sequence[int], steps: Tensor, holds: Tensor) -> None:
        """Take up the cheapest of several choices `(row, choice, column)` where it is better."""
        price = self.allowed.price[list(columns)]
        cost = (steps.abs() * price).sum(-1).where(holds, torch.inf)
        cheapest, place = cost.min(-1)
        better = cheapest < self.cost - 1e-6
        if self.prefer == "fewest":
            better = better & (len(columns) <= self.count)
        picked = steps.gather(1, place[:, None, None].expand(-1, 1, len(columns)))[:, 0]
        fresh = torch.zeros_like(self.steps)
        fresh[:, list(columns)] = picked
        self.steps = torch.where(better[:, None], fresh, self.steps)
        self.cost = torch.where(better, cheapest, self.cost)
        self.count = torch.where(better, float(len(columns)), self.count)

    def answer(self) -> Counterfactual:
        """Return what was found, in whole steps."""
        moved = self.rows + self.steps * self.allowed.step
        return Counterfactual(self.rows, moved, self.steps, self.cost)


def _grids(room: Tensor, columns: Sequence[int]) -> Iterator[Tensor]:
    """Return all numbers of steps of some columns, from 1 on, as `(1, choice, column)`."""
    counts = [torch.arange(1, int(room[:, c].max()) + 1, device=room.device) for c in columns]
    if not counts:
        yield torch.zeros(1, 1, 0, dtype=torch.long, device=room.device)
        return
    whole = torch.cartesian_prod(*counts).reshape(-1, len(columns))
    for part in whole.split(4096):
        yield part[None]


def refuse_choice(prefer: str, most: int) -> None:
    """Refuse what neither search knows.

    Raises:
        ValueError: if `prefer` is unknown, or `most` is below 1.
    """
    if prefer not in ("cheapest", "fewest") or most < 1:
        raise ValueError(
            f"prefer is 'cheapest' or 'fewest' and most is 1 or more; found {prefer!r} and {most}."
        )
