"""A trial puts a reader's own function to questions whose answers are known, and says what it saw.

Truths are worked out by hand, promises hold for any right answer, and the usual mistakes are
recognised by the values they give. Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dis import opmap
from traceback import walk_tb
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import Parameter

from metaxai_lab.classroom.limits import TimeUp, call_within

SECONDS = 5.0
Values = Tensor | Sequence[Any] | float | int


class NotYet(Exception):
    """A function is not right yet. A notebook shows the sentence alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass
class Trial:
    """One function under questions.

    Args:
        name: what the function is called on the page.
        solution: the reader's function.
        seconds: how long one call may take.
    """

    name: str
    solution: Callable[..., Any]
    seconds: float = SECONDS
    truths: int = field(default=0, init=False)
    promises: int = field(default=0, init=False)

    def __call__(self, *args: Any) -> Tensor:
        """Return what the function gives for copies of `args`.

        Raises:
            NotYet: if it stops, takes too long, changes what it was given, or returns no numbers.
        """
        given = [arg.clone() if isinstance(arg, Tensor) else arg for arg in args]
        got = self._run(given)
        pairs = zip(args, given, strict=True)
        if not all(np.array_equal(a, b, equal_nan=True) for a, b in pairs):
            raise self.no("it changes the tensors it is given. Work on a copy, or make new ones.")
        if got is None:
            raise self.no(f"{self._asked(args)} returns nothing. Is a `return` missing?")
        try:
            numbers = torch.as_tensor(got)
            if type(numbers) not in (Tensor, Parameter):
                raise TypeError("a tensor of another kind can answer as it likes")
            return Tensor.detach(numbers).double()
        except (TypeError, ValueError, RuntimeError):
            kind = type(got).__name__
            raise self.no(f"{self._asked(args)} returns a {kind}, not numbers.") from None

    def truth(self, wanted: Values, *args: Any, usual: Mapping[str, Values]) -> None:
        """Ask for a value worked out by hand.

        Args:
            wanted: the value.
            usual: what the usual mistakes give, by the sentence that answers each.

        Raises:
            NotYet: with the sentence of the mistake that gives the same value, if one does.
        """
        got = self(*args)
        if not _same(got, wanted):
            hints = [hint for hint, mistaken in usual.items() if _same(got, mistaken)]
            asked, yours = self._asked(args), say(_in_kind(got, wanted))
            found = f"{asked} should be {say(wanted)}; yours is {yours}."
            raise self.no(f"{found} {hints[0]}" if hints else found)
        self.truths += 1

    def promise(self, kept: bool | Tensor, otherwise: str) -> None:
        """Ask that something hold, and answer with the sentence `otherwise` where it does not."""
        if not bool(kept):
            raise self.no(otherwise)
        self.promises += 1

    def no(self, sentence: str) -> NotYet:
        """Return the answer "not yet", with its reason."""
        return NotYet(f"{self.name}, not yet: {sentence}")

    def _run(self, args: Sequence[Any]) -> Any:
        asked = self._asked(args)
        try:
            with torch.random.fork_rng(devices=[]):
                return call_within(self.seconds, self.solution, *args)
        except TimeUp:
            raise self.no(f"{asked} took more than {self.seconds:g} s. Is there an end?") from None
        except Exception as error:
            if _unwritten(error, self.solution):
                left = "not written. Replace `raise NotImplementedError` by your own."
                raise self.no(left) from None
            where, stop = _where(error, self.solution), f"{type(error).__name__}: {error}"
            raise self.no(f"{asked} stopped{where} with {stop}") from error

    def _asked(self, args: Sequence[Any]) -> str:
        return f"{self.name}({', '.join(map(say, args))})"


def say(value: Any) -> str:
    """Write a value as a reader would: tensors as lists, numbers with three decimals at most."""
    if isinstance(value, Tensor):
        return say(value.tolist())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(say, value))}]"
    return f"{round(value, 3):g}" if isinstance(value, float) else str(value)


def _in_kind(got: Tensor, wanted: Values) -> Tensor:
    """Return yes and no where they were asked for and given, not 1 and 0."""
    given = bool(((got == 0) | (got == 1)).all())
    return got.bool() if torch.as_tensor(wanted).dtype == torch.bool and given else got


def close(a: Tensor, b: Tensor) -> bool:
    """Return whether two answers have the same shape and the same values but for rounding."""
    return a.shape == b.shape and torch.allclose(a, b, rtol=1e-4, atol=1e-6)


def _same(got: Tensor, wanted: Values) -> bool:
    return close(got, torch.as_tensor(wanted, dtype=torch.double))


def _unwritten(error: Exception, solution: Callable[..., Any]) -> bool:
    """Return whether the reader's own `raise NotImplementedError` still stands.

    Torch raises the same error, for instance for the mean of a mask: from compiled code, which
    leaves the reader's frame on top, but no `raise` in it; or from a module of its own.
    """
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or not isinstance(error, NotImplementedError):
        return False
    own = last.tb_frame.f_globals.get("__name__") == getattr(solution, "__module__", None)
    return own and last.tb_frame.f_code.co_code[last.tb_lasti] == opmap["RAISE_VARARGS"]


def _where(error: Exception, solution: Callable[..., Any]) -> str:
    """Return " in its line N", the last line of the reader's function that was reached.

    What stopped in another function of the reader's is told so: ", in line M of NAME,".
    """
    own, line, helper = getattr(solution, "__code__", None), "", ""
    for frame, number in walk_tb(error.__traceback__):
        code, at = frame.f_code, number - frame.f_code.co_firstlineno + 1
        if code is own:
            line, helper = f" in its line {at}", ""
        elif line and _is_helper(frame, solution):
            helper = f", in line {at} of {code.co_name},"
    return line + helper


def _is_helper(frame: FrameType, solution: Callable[..., Any]) -> bool:
    """Return whether a frame is that of a named function which stands beside the solution."""
    named = not frame.f_code.co_name.startswith("<")  # as "<genexpr>" does
    return named and frame.f_globals.get("__name__") == solution.__module__
