"""A bound is what a claim promises of its number; and how numbers are written on a page.

A number that came out of training or chance differs between machines in its last digits. It is
rounded and marked with "≈", and the notebook test does not compare what follows that sign.
Chapter: book/appendix/claims.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Number = int | float


@dataclass(frozen=True)
class Bound:
    """What a number has to keep; everything that is given has to hold.

    Args:
        within: how far from `equals` the number may lie.

    Raises:
        ValueError: if nothing is asked for, or `within` stands without `equals`.
    """

    at_least: Number | None = None
    at_most: Number | None = None
    equals: Number | None = None
    within: Number = 0.0

    def __post_init__(self) -> None:
        if self.at_least is None and self.at_most is None and self.equals is None:
            raise ValueError("a claim needs a bound: give at_least, at_most or equals.")
        if self.within and self.equals is None:
            raise ValueError("`within` is the distance allowed from `equals`: give `equals` too.")

    def keeps(self, number: Number) -> bool:
        """Return whether the number is finite and inside the bound."""
        return (
            math.isfinite(number)
            and (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
            and (self.equals is None or abs(number - self.equals) <= self.within)
        )

    def __str__(self) -> str:
        near = f" to within {unrounded(self.within)}" if self.within else ""
        parts = {
            "at least": self.at_least,
            "at most": self.at_most,
            "close to" if near else "exactly": self.equals,
        }
        said = [f"{word} {unrounded(n)}" for word, n in parts.items() if n is not None]
        return " and ".join(said) + near


def unrounded(number: Number) -> str:
    """Write a number in full, without an exponent: 0.8, 1000, 0.000001."""
    return np.format_float_positional(number, trim="-")


def rounded(number: Number, digits: int) -> str:
    """Write a number with `digits` decimals, or with one digit where that would leave only zeros.

    The small ones, such as 0.00000006, keep their size: "0.00" would say less than was measured.
    """
    if number and math.isfinite(number) and abs(number) < 0.5 * 10**-digits:
        return np.format_float_positional(number, precision=1, fractional=False, trim="-")
    return f"{number:.{digits}f}"


def beside(
    runs: Sequence[float],
    controls: Mapping[str, float],
    digits: int,
    *,
    exact: bool,
    over: str = "runs",
) -> str:
    """Write what stands beside a number: how far its runs lie apart, and what its controls reach.

    Args:
        over: what the runs are, if they are none: "families".

    Returns:
        A text in brackets with a space before it, or nothing where there is neither.
    """
    sign = "" if exact else "≈ "
    said = [f"{name} {sign}{rounded(n, digits)}" for name, n in controls.items()]
    if runs:
        low, high = (rounded(end(runs), digits) for end in (min, max))
        said.insert(0, f"{len(runs)} {over} from {sign}{low} to {sign}{high}")
    return f" ({'; '.join(said)})" if said else ""
