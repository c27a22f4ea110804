"""Machine code that `shap` makes for itself, kept on disk as Python keeps its bytecode.

The library has some of its loops compiled when they are first called, which takes each process
several seconds. What can be kept is kept beside the library's files, or in the user's cache folder.
Source: numba.pydata.org, on caching. Chapter: book/local/shapley_and_lime.ipynb.
"""

from contextlib import suppress
from functools import cache
from typing import Any


@cache
def keep_compiled() -> None:
    """Let the loops of `shap` that explain tables be compiled once for this machine.

    Where there is no folder to write to, each process compiles as before.
    """
    for loop in loops():
        with suppress(RuntimeError):
            loop.enable_caching()


def loops() -> tuple[Any, ...]:
    """Return those whose arguments have types that another process has, too."""
    from shap import links
    from shap.explainers import _exact
    from shap.maskers import _tabular

    masks = (_tabular._single_delta_mask, _tabular._delta_masking)
    return (links.identity, _exact._compute_grey_code_row_values, *masks)
