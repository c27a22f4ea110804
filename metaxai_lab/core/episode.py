"""A task is an episode: learn from the support rows, be judged on the query rows.

Vinyals et al. (2016), section 2. Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Num
from torch import Tensor


@dataclass(frozen=True)
class Examples:
    """Rows with their targets: rows are examples, columns are what we explain.

    Args:
        x: values of each column; pictures are rows of flattened pixels in [0, 1].
        y: class index or target of each row.

    Raises:
        ValueError: if `x` and `y` disagree on tasks or rows, or lie on two devices.
    """

    x: Float[Tensor, "*tasks row feature"]
    y: Num[Tensor, "*tasks row"]

    def __post_init__(self) -> None:
        if self.x.shape[:-1] != self.y.shape:
            raise ValueError(
                f"Examples need one target per row; x is {tuple(self.x.shape)} and y is "
                f"{tuple(self.y.shape)}. Give y the shape {tuple(self.x.shape[:-1])}."
            )
        _same_device("Examples", x=self.x, y=self.y)

    def to(self, device: torch.device | str) -> "Examples":
        """Return the same rows on `device`."""
        return Examples(self.x.to(device), self.y.to(device))


@dataclass(frozen=True)
class Episode:
    """Learn from `support`, be judged on `query`; `tasks` axes are empty for a single episode.

    Args:
        truth: the columns that are the right reason, for each query row; known only where the
            task was made by code. It lives here and not in `Examples`, so `adapt` cannot see it.

    Raises:
        ValueError: if `truth` and `query.x` differ in shape, or parts lie on two devices.
    """

    support: Examples
    query: Examples
    truth: Bool[Tensor, "*tasks row feature"] | None = None

    def __post_init__(self) -> None:
        parts = {"support": self.support.x, "query": self.query.x}
        if self.truth is not None:
            parts["truth"] = self.truth
            if self.truth.shape != self.query.x.shape:
                raise ValueError(
                    f"truth marks columns of each query row: it needs the shape "
                    f"{tuple(self.query.x.shape)} of query.x, and has {tuple(self.truth.shape)}."
                )
        _same_device("Episode", **parts)

    def to(self, device: torch.device | str) -> "Episode":
        """Return the same episode on `device`."""
        truth = None if self.truth is None else self.truth.to(device)
        return Episode(self.support.to(device), self.query.to(device), truth)

    def task(self, index: int) -> "Episode":
        """Return one task of a stacked batch."""
        truth = None if self.truth is None else self.truth[index]
        support = Examples(self.support.x[index], self.support.y[index])
        return Episode(support, Examples(self.query.x[index], self.query.y[index]), truth)


def joined(parts: Sequence[Episode]) -> Episode:
    """Return the tasks of several batches one after the other; `truth`, where all have it.

    Args:
        parts: batches of episodes of one size.
    """
    truths = [part.truth for part in parts if part.truth is not None]
    support, query = [part.support for part in parts], [part.query for part in parts]
    truth = torch.cat(truths) if len(truths) == len(parts) else None
    return Episode(joined_examples(support), joined_examples(query), truth)


def joined_examples(parts: Sequence[Examples]) -> Examples:
    """Return the tasks of several stacks of examples one after the other."""
    return Examples(torch.cat([part.x for part in parts]), torch.cat([part.y for part in parts]))


def _same_device(noun: str, **parts: Tensor) -> None:
    places = {name: str(tensor.device) for name, tensor in parts.items()}
    if len(set(places.values())) > 1:
        raise ValueError(
            f"{noun} needs all its parts on one device; found {places}. "
            f"Move them with .to(device) before they meet."
        )
