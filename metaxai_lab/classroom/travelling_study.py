"""The experiment on an explainer that travels: who learns, from what, and who judges.

All games that judge are played to the end beforehand, so every method answers from the same sheet
of values, pays for each it asks, and is compared with exact Shapley values.
Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import process_time

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.real_models import RealModel, real_models
from metaxai_lab.core import at_scale, seeded
from metaxai_lab.explainers.coalition_prior import Prior, fit_prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.game import Game
from metaxai_lab.explainers.in_context import InContext
from metaxai_lab.explainers.played_games import MIX, PlayedGames, families_of, play_random_models
from metaxai_lab.explainers.process_training import train_process
from metaxai_lab.tasks.cache import cached

QUERIES = (20, 38, 74, 110)  # v(S) of a row, both ends included
STEPS = 6  # of adaptation
SMALLEST = 1e-3  # length of the exact values below which a row has nothing to explain

Explain = Callable[[PlayedGames, int, Generator], Float[Tensor, "task row feature"]]


@dataclass(frozen=True)
class Plan:
    """Random models to learn from, random models to be judged on, and outer steps."""

    n_met: int
    n_unseen: int
    outer_steps: int


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(350, 70, 20), full=Plan(1400, 420, 200))


def random_games(
    n_models: int, *, seed: int, families: Iterable[str] = MIX
) -> tuple[PlayedGames, float]:
    """Play games of random models to the end, or take them from the cache of this machine.

    Returns:
        the games, and the seconds of one core that playing them takes, now or when they were kept.
    """
    turns = tuple(families)

    def play() -> dict[str, Tensor]:
        start = process_time()
        games = play_random_models(n_models, families=turns, generator=seeded(seed))
        return {"values": games.values, "seconds": torch.tensor(process_time() - start)}

    definition = {"models": n_models, "seed": seed, "families": turns, "recipe": 1}
    kept = cached("random_games", definition, play)
    return PlayedGames(kept["values"], families_of(n_models, turns)), float(kept["seconds"])


@dataclass(frozen=True, eq=False)
class Traveller:
    """What was learned across models, and the seconds of one core that it took."""

    prior: Prior
    process: CoalitionProcess
    prior_seconds: float
    process_seconds: float

    def closed_form(self, games: PlayedGames, n_queries: int, _: Generator) -> Tensor:
        """Explain by the learned questions and the learned prior."""
        return by_prior(self.prior)(games, n_queries, _)

    def adapted(self, games: PlayedGames, n_queries: int, _: Generator) -> Tensor:
        """Explain after a few steps of adaptation to each model."""
        return self.with_spread(games, n_queries)[0]

    def with_spread(
        self, games: PlayedGames, n_queries: int, steps: int = STEPS
    ) -> tuple[Tensor, Tensor]:
        """Return Shapley values after adaptation, and their spread."""
        masks = self.prior.design(n_queries)
        answers = games.asked(masks)
        pilot, _ = self.prior.joint(masks).shapley(answers)
        with torch.no_grad():
            return self.process.shapley(answers, masks, pilot, steps)


def learn(games: PlayedGames, *, outer_steps: int, seed: int = 0) -> Traveller:
    """Learn a prior from games, the questions it asks, and how to adapt."""
    start = process_time()
    prior = fit_prior(games)
    for n_queries in QUERIES:
        prior.design(n_queries)
    fitted, process = process_time(), CoalitionProcess()
    train_process(
        process, games, prior, outer_steps=outer_steps, inner_steps=STEPS, generator=seeded(seed)
    )
    return Traveller(prior, process, fitted - start, process_time() - fitted)


def untrained(traveller: Traveller) -> Traveller:
    """Return the same prior with a process whose numbers say nothing yet."""
    return replace(traveller, process=CoalitionProcess(), process_seconds=0.0)


def by_prior(prior: Prior, asking: Prior | None = None) -> Explain:
    """Return an explainer that combines answers by `prior`.

    Args:
        asking: the prior whose questions are asked; by default the same.
    """

    def explain(games: PlayedGames, n_queries: int, _: Generator) -> Tensor:
        masks = (asking or prior).design(n_queries)
        return prior.joint(masks).shapley(games.asked(masks))[0]

    return explain


def by_net(net: InContext, prior: Prior) -> Explain:
    """Return an explainer that corrects the closed form by a network in context."""

    def explain(games: PlayedGames, n_queries: int, _: Generator) -> Tensor:
        masks = prior.design(n_queries)
        answers = games.asked(masks)
        with torch.no_grad():
            return net(answers, masks, prior.joint(masks).shapley(answers)[0])

    return explain


def joined(*parts: PlayedGames) -> PlayedGames:
    """Return the games of all of these."""
    families = tuple(name for part in parts for name in part.families)
    return PlayedGames(torch.cat([part.values for part in parts]), families)


def real_games(*, n_rows: int = 20) -> tuple[PlayedGames, list[RealModel]]:
    """Play the games of twelve real models to the end, for rows that they have not seen."""
    models = list(real_models(n_rows=n_rows))
    masks = all_coalitions(models[0].rows.shape[1])
    played = [Game(m.model, m.background, tile=2**17).values(m.rows, masks) for m in models]
    return PlayedGames(torch.stack(played), tuple(m.name for m in models)), models


def errors(
    explain: Explain, games: PlayedGames, n_queries: int, *, n_draws: int = 1, seed: int = 0
) -> Float[Tensor, " task"]:
    """Return the mean error of each model's rows, as a share of the length of the exact values.

    Args:
        n_draws: times that each game is asked, with its columns in an order drawn anew, so that no
            method gains by the order of a table; the mean is returned.
    """
    generator = seeded(seed)
    length = games.exact.norm(dim=-1)
    there = length > SMALLEST
    total = torch.zeros_like(length)
    for _ in range(n_draws):
        order = torch.randperm(games.n_features, generator=generator)
        drawn = games.relabelled(order)
        total += (explain(drawn, n_queries, generator) - drawn.exact).norm(dim=-1)
    share = (total / n_draws / length).where(there, 0.0).sum(1)
    models = there.any(1)
    return share[models] / there[models].sum(1)
