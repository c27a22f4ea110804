"""Games played to the end: models of which every coalition's value is known.

This is what an explainer that travels learns from. Where all values are stored, any choice of
questions can be tried at no cost. Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import fork
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.exact import shapley_of
from metaxai_lab.explainers.game import Game
from metaxai_lab.tasks.random_models import random_models

MIX = ("linear", "networks", "networks", "networks", "products", "trees", "trees")
IN_A_STACK = 10  # models that share their architecture


@dataclass(frozen=True)
class PlayedGames:
    """All values of the games of several models, some rows each.

    Args:
        values: of each coalition, in the order of `all_coalitions`.
        families: the family of each model, or its name.
    """

    values: Float[Tensor, "task row coalition"]
    families: tuple[str, ...]

    def __post_init__(self) -> None:
        n = self.values.shape[-1]
        if n < 2 or n & (n - 1) or len(self.families) != len(self.values):
            raise ValueError(
                "played games are (task, row, 2^n values) with one family a task; found "
                f"{tuple(self.values.shape)} and {len(self.families)} families."
            )

    @property
    def n_features(self) -> int:
        """How many columns play."""
        return self.values.shape[-1].bit_length() - 1

    @property
    def exact(self) -> Float[Tensor, "task row feature"]:
        """Shapley values of each row."""
        return shapley_of(self.values.double())

    def asked(
        self,
        masks: Bool[Tensor, "query feature"],
        chosen: Int[Tensor, " chosen"] | None = None,
    ) -> Float[Tensor, "task row query"]:
        """Return v(S) - v(no column) for each mask, as if the models were asked now.

        Args:
            chosen: the places of the models that are asked; all where it is None.
        """
        values = self.values if chosen is None else self.values[chosen]
        return (values[..., numbers_of(masks)] - values[..., :1]).double()

    def only(self, chosen: Bool[Tensor, " task"]) -> "PlayedGames":
        """Return the games of some models."""
        kept = chosen.tolist()
        names = tuple(f for f, keep in zip(self.families, kept, strict=True) if keep)
        return PlayedGames(self.values[chosen], names)

    def relabelled(self, order: Int[Tensor, " feature"]) -> "PlayedGames":
        """Return the same games with column `order[i]` in place i."""
        place = order.argsort()
        masks = all_coalitions(self.n_features, device=self.values.device)[:, place]
        return PlayedGames(self.values[..., numbers_of(masks)], self.families)

    def without(self, family: str) -> "PlayedGames":
        """Return the games of all other families."""
        return self.only(torch.tensor([f != family for f in self.families]))

    def of(self, family: str) -> "PlayedGames":
        """Return the games of one family."""
        return self.only(torch.tensor([f == family for f in self.families]))


def numbers_of(masks: Bool[Tensor, "*batch feature"]) -> Int[Tensor, "*batch"]:
    """Return the place of each coalition in the order of `all_coalitions`."""
    return (masks.long() << torch.arange(masks.shape[-1], device=masks.device)).sum(-1)


def play_random_models(
    n_models: int,
    *,
    n_features: int = 10,
    n_rows: int = 8,
    n_background: int = 16,
    families: Iterable[str] = MIX,
    generator: Generator,
) -> PlayedGames:
    """Draw random models, family after family, and play all their games to the end.

    Args:
        n_models: a multiple of 10, which is how many share an architecture.
        families: taken in turn, a stack of 10 models each.

    Raises:
        ValueError: if `n_models` is no multiple of 10.
    """
    if n_models < IN_A_STACK or n_models % IN_A_STACK:
        raise ValueError(f"random models come in stacks of {IN_A_STACK}; found {n_models}.")
    names, masks = families_of(n_models, families), all_coalitions(n_features)
    played = []
    for name in names[::IN_A_STACK]:
        drawn = random_models(
            name, n_models=IN_A_STACK, n_features=n_features, generator=fork(generator)
        )
        background, rows = drawn.rows[:, :n_background], drawn.rows[:, n_background:]
        played.append(Game(drawn, background).values(rows[:, :n_rows], masks))
    return PlayedGames(torch.cat(played), names)


def families_of(n_models: int, families: Iterable[str] = MIX) -> tuple[str, ...]:
    """Return the family of each of so many random models: families in turn, a stack of each."""
    turns = tuple(families)
    stacks = [turns[i % len(turns)] for i in range(n_models // IN_A_STACK)]
    return tuple(name for name in stacks for _ in range(IN_A_STACK))
