"""The roof: what a chapter claims, what a reader tries, and whether the machine is well.

Names are looked up when they are first used, so that the doctor opens on a machine where half of
the lab is missing. Chapter: book/appendix/claims.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metaxai_lab.classroom.claims import ClaimFailed as ClaimFailed
    from metaxai_lab.classroom.claims import claim as claim
    from metaxai_lab.classroom.claims import verdict as verdict
    from metaxai_lab.classroom.exercises import check as check

_ROOMS = {"ClaimFailed": "claims", "claim": "claims", "verdict": "claims", "check": "exercises"}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
