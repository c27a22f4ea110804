"""Where to compute and how much: the device, and the scale of a run.

Environment: `METAXAI_DEVICE` (auto, cpu, cuda) and `METAXAI_SCALE` (quick, full). The scale changes
sizes and steps, never the code path. Chapter: book/appendix/running_it.md.
"""

import os
from typing import TypeVar

import torch

T = TypeVar("T")
SCALES = ("quick", "full")


def pick_device(wanted: str | None = None) -> torch.device:
    """Return the device to compute on: CUDA where there is one, else the CPU.

    Args:
        wanted: "auto", "cpu" or "cuda" ("cuda:1" too); the environment's `METAXAI_DEVICE` if None.

    Raises:
        RuntimeError: if CUDA is asked for and torch finds none.
        ValueError: if `wanted` is no such name.
    """
    name = wanted or os.environ.get("METAXAI_DEVICE") or "auto"
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.split(":")[0] not in ("cpu", "cuda"):
        raise ValueError(f"a device is 'auto', 'cpu' or 'cuda'; found {name!r}.")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise RuntimeError(
            f"device {name!r} was asked for, and torch {torch.__version__} finds no CUDA device. "
            "Unset METAXAI_DEVICE or set it to 'auto' to compute on the CPU, or run "
            "`python -m metaxai_lab.classroom.doctor` to see what is missing."
        )
    return torch.device(name)


def scale() -> str:
    """Return the scale of this run: "quick" (the default) or "full".

    Raises:
        ValueError: if `METAXAI_SCALE` is neither.
    """
    name = os.environ.get("METAXAI_SCALE") or "quick"
    if name not in SCALES:
        raise ValueError(f"METAXAI_SCALE is 'quick' or 'full'; found {name!r}.")
    return name


def at_scale(*, quick: T, full: T) -> T:
    """Return the setting that belongs to the scale of this run."""
    return quick if scale() == "quick" else full
