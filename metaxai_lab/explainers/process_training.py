"""Learning to adapt: the outer loop of the process over coalitions.

Each outer step takes some models whose games are known, asks them a few questions, adapts for a few
steps, and moves the shared numbers so that the adapted process errs less. The gradient goes through
the inner steps. At last the spread is stretched so that intervals of 90 % hold 90 % of the exact
values of the training models. Source: Finn, Abbeel & Levine (2017), algorithm 1.
Chapter: book/local/travelling_explainer.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.explainers.coalition_prior import Prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess
from metaxai_lab.explainers.played_games import PlayedGames

QUERIES = (20, 38, 74)  # taken in turn
NINE_IN_TEN = 1.6449  # standard deviations of a normal curve


def train_process(
    process: CoalitionProcess,
    games: PlayedGames,
    prior: Prior,
    *,
    outer_steps: int = 60,
    inner_steps: int = 6,
    n_models: int = 10,
    queries: tuple[int, ...] = QUERIES,
    outer_lr: float = 0.1,
    generator: Generator,
) -> list[float]:
    """Train in place, stretch the spread, and return the loss of each step.

    Every second step adapts in fewer inner steps, drawn anew, so that any number serves.

    Returns:
        the log of the mean error, as a share of the closed form's.
    """
    optimiser = torch.optim.Adam(process.parameters(), outer_lr, fused=True)
    exact, losses = games.exact, []
    for step in range(outer_steps):
        chosen = torch.randint(len(games.values), (n_models,), generator=generator)
        drawn = int(torch.randint(inner_steps + 1, (), generator=generator))
        steps = drawn if step % 2 else inner_steps
        n_queries = queries[step % len(queries)]
        loss = _loss(process, games, prior, exact, chosen, n_queries, steps)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(process.parameters(), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
    _stretch(process, games, prior, inner_steps, queries)
    return losses


@torch.no_grad()
def _stretch(
    process: CoalitionProcess,
    games: PlayedGames,
    prior: Prior,
    steps: int,
    queries: tuple[int, ...],
) -> None:
    """Fit a power of the number of queries by which the spread is stretched or shrunk."""
    process.stretch.zero_()
    needed, exact = [], games.exact
    for n_queries in queries:
        found, spread = adapted_shapley(process, games, prior, n_queries, steps)
        off = (found - exact).abs() / spread.clamp(min=1e-12)
        needed.append((off.flatten().quantile(0.9) / NINE_IN_TEN).log())
    at = torch.tensor([prior.design(q).shape[0] for q in queries]).to(needed[0]).log()
    lines = torch.stack([torch.ones_like(at), at], 1)
    process.stretch.copy_(torch.linalg.lstsq(lines, torch.stack(needed)).solution)


def adapted_shapley(
    process: CoalitionProcess, games: PlayedGames, prior: Prior, n_queries: int, steps: int
) -> tuple[Float[Tensor, "task row feature"], Float[Tensor, "task row feature"]]:
    """Return mean and spread of the Shapley values of games, from a few of their values."""
    masks = prior.design(n_queries)
    answers = games.asked(masks)
    pilot, _ = prior.joint(masks).shapley(answers)
    return process.shapley(answers, masks, pilot, steps)


def _loss(
    process: CoalitionProcess,
    games: PlayedGames,
    prior: Prior,
    exact: Tensor,
    chosen: Tensor,
    n_queries: int,
    steps: int,
) -> Float[Tensor, ""]:
    masks = prior.design(n_queries)
    answers = games.asked(masks)[chosen]
    pilot, _ = prior.joint(masks).shapley(answers)
    found, _ = process.shapley(answers, masks, pilot, steps)
    return (error_share(found, exact[chosen]) / error_share(pilot, exact[chosen])).log()


def error_share(found: Tensor, exact: Tensor) -> Float[Tensor, ""]:
    """Return the mean over rows of the distance, as a share of the size of the exact values."""
    size = exact.norm(dim=-1).clamp(min=0.01)
    return ((found - exact).norm(dim=-1) / size).mean()
