"""What the answers may not change: before each test cell the names it leans on are put back.

A student's cell can replace anything in its own process: `check`, `len`, a method of a class of
the lab, `torch.allclose`. So functions and classes of the rooms and libraries that tests lean on
are remembered before the first answer runs, and a test cell runs in names of its own, where no
built-in is shadowed. After every cell they are put back as well, so that the worker hears of the
next one in clean names. What a function does while a test calls it, or code that walks through the
interpreter's frames to find this room, is not stopped, only pointed out (`grading_marks`).
Chapter: book/appendix/grading.md.
"""

import builtins
import sys
from builtins import all, callable, type, vars  # its own: a cell may replace the shared ones
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

LAB = "metaxai_lab"
LEANED_ON = {"builtins", "math", "operator", "json", "os", "sys", "threading", "signal"}
LEANED_ON |= {"numpy", "numpy.testing", "numpy.linalg", "torch", "torch.testing", "torch.linalg"}
LEANED_ON |= {"torch.nn.functional", "itertools", "functools", "copy", "re", "collections"}
LEANED_ON |= {"json.decoder", "json.encoder", "contextlib", "traceback", "_frozen_importlib"}
WHOLE = (LAB, "json", "contextlib")  # whose classes and objects are kept as they are
CHANGES_BY_ITSELF = {"_", "__builtins__", "__warningregistry__", "__annotations__"}
OF_THE_CLASS = {"__dict__", "__weakref__", "__doc__", "__abstractmethods__", "_abc_impl"}
Names = dict[str, Any]


class Keeper:
    """Keeps the names of a notebook apart: the course's own, and those of the answers.

    Args:
        space: the names that the cells of the notebook share.
    """

    def __init__(self, space: Names) -> None:
        self.space = space
        self.given: dict[str, Any] = {}
        self.modules: dict[str, tuple[ModuleType, dict[str, Any]]] = {}
        self.classes: dict[type, dict[str, Any]] = {}
        self.mappings: dict[int, tuple[Any, dict[Any, Any]]] = {}
        self.true = set(vars(builtins))
        self.loaded = sys.modules
        self.untrace = (sys.settrace, sys.setprofile)

    @contextmanager
    def place(self, kind: str, free: Collection[str]) -> Iterator[Names]:
        """Lend the names that a cell of this kind ("given", "answer" or "test") runs in.

        Args:
            free: names that answers may bind though the course's own cells bound them before.
        """
        if kind == "answer":
            self._remember()
            try:
                yield self.space
            finally:
                self.put_back()
            return
        self.put_back()
        kept = {name: value for name, value in self.given.items() if name not in free}
        names = self.space
        names.update(kept)
        if kind == "test":
            shadows = {n for n in names if n in self.true and n not in kept and n[:2] != "__"}
            names = {name: value for name, value in names.items() if name not in shadows}
        before = dict(names)
        try:
            yield names
        finally:
            self.put_back()
            self._hand_on(names, before)

    def put_back(self) -> None:
        """Undo what a cell did to the names that are leaned on."""
        for stop in self.untrace:
            stop(None)
        sys.modules = self.loaded
        for name, (module, kept) in self.modules.items():
            sys.modules[name] = module
            for n, value in kept.items():
                if vars(module).get(n) is not value:
                    vars(module)[n] = value
        for kind, kept in self.classes.items():
            _put_back_class(kind, kept)
        for mapping, kept in self.mappings.values():
            if not _same(mapping, kept):
                mapping.clear()
                mapping.update(kept)
        _leave_modes(sys.modules.get("torch"))

    def _hand_on(self, names: Names, before: Names) -> None:
        """Let later cells see what one of the course's own cells bound."""
        nothing = object()
        new = {n: v for n, v in names.items() if before.get(n, nothing) is not v}
        new = {n: v for n, v in new.items() if n not in CHANGES_BY_ITSELF}
        self.given |= new
        self.space.update(new)

    def _remember(self) -> None:
        for name, module in list(sys.modules.items()):
            lab = name.partition(".")[0] == LAB
            if name in self.modules or not (lab or name in LEANED_ON):
                continue
            self.modules[name] = (module, {n: v for n, v in vars(module).items() if callable(v)})
            for value in list(vars(module).values()):
                self._remember_value(value, lab=lab)

    def _remember_value(self, value: Any, *, lab: bool) -> None:
        if isinstance(value, type):
            if value.__module__.startswith(WHOLE) or value.__qualname__ == "Tensor":
                self.classes.setdefault(value, dict(vars(value)))
        elif lab and isinstance(value, dict):
            self.mappings.setdefault(id(value), (value, dict(value)))
        elif type(value).__module__.startswith(WHOLE) and hasattr(value, "__dict__"):
            inside = value.__dict__
            self.mappings.setdefault(id(inside), (inside, dict(inside)))


def _put_back_class(kind: type, kept: dict[str, Any]) -> None:
    for name, value in kept.items():
        if name not in OF_THE_CLASS and vars(kind).get(name) is not value:
            type.__setattr__(kind, name, value)
    for name in [name for name in vars(kind) if name not in kept and name not in OF_THE_CLASS]:
        if callable(vars(kind)[name]):
            type.__delattr__(kind, name)


def _same(mapping: dict[Any, Any], kept: dict[Any, Any]) -> bool:
    return mapping.keys() == kept.keys() and all(mapping[n] is kept[n] for n in kept)


def _leave_modes(torch: Any) -> None:
    """Leave the modes of torch that a cell entered and never left; each could answer for torch."""
    inner = getattr(torch, "_C", None)
    while inner is not None and inner._len_torch_function_stack():
        inner._pop_torch_function_stack()
    while inner is not None and inner._len_torch_dispatch_stack():
        inner._pop_torch_dispatch_stack(None)
