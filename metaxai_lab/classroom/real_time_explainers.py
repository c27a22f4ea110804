"""Explainers of one item at a time, ready to serve: what is their error, and what do they cost?

An explainer that asks the same coalitions of every item is one matrix, from answers to values. It
is made once and kept, so that an item costs its queries and one product. That holds for KernelSHAP
with one draw, for an explainer that travels, and for one that has adapted to the model on some
items before. The model is a boosted ensemble of trees for a mill's items.
Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.real_models import output_of
from metaxai_lab.classroom.travelling_study import STEPS, Traveller, learn, random_games
from metaxai_lab.core import Model, at_scale, seeded
from metaxai_lab.evaluation.latency import Latency, time_calls
from metaxai_lab.explainers import Game, all_coalitions, kernel_shap
from metaxai_lab.explainers.coalitions import kernel_mass, paired_coalitions
from metaxai_lab.explainers.exact import shapley_weights
from metaxai_lab.explainers.kernel_shap import SINGLES_FIRST, kernel_weight, shapley_map
from metaxai_lab.tasks import PlantedFamily

Rows = Float[Tensor, "row feature"]
Explain = Callable[[Rows], Rows]
MILL = PlantedFamily(10, 5, shared="pool", interactions=((0, 1), (2, 3)), correlation=0.3)
N_BACKGROUND, N_SEEN = 32, 2000
N_ADAPTED = 20  # items that an explainer adapts to, before the service opens
BUDGETS = (20, 38, 74, 110)  # queries of an item
MORE = (200, 400)


@dataclass(frozen=True, eq=False)
class Mill:
    """A trained model with the game that its columns play, rows it has seen, and items to come."""

    model: Model
    game: Game
    seen: Rows
    items: Float[Tensor, "item feature"]


def mill(seed: int = 0, *, n_items: int = 300) -> Mill:
    """Train 200 boosted trees of depth 5 on rows of a planted world with interactions."""
    from sklearn.ensemble import GradientBoostingRegressor  # here: it loads slowly

    world = MILL.tasks(1, generator=seeded(40 + seed))
    drawn = world.draw(k_support=N_SEEN, n_query=n_items, generator=seeded(60 + seed))
    x, y = drawn.support.x[0], drawn.support.y[0]
    trees = GradientBoostingRegressor(
        n_estimators=200, max_depth=5, subsample=0.5, random_state=seed
    )
    model = output_of(trees.fit(x.double().numpy(), y.double().numpy()))
    game = Game(model, x[:N_BACKGROUND], tile=2**15, unit="target")
    return Mill(model, game, x, drawn.query.x[0])


@dataclass(frozen=True, eq=False)
class Kept:
    """An explainer that was made once: what it asks, and the matrix from answers to values.

    Args:
        masks: the coalitions, no column first and all columns last.
        lead: (coalition, feature).
    """

    game: Game
    masks: Bool[Tensor, "coalition feature"]
    lead: Float[Tensor, "coalition feature"]

    def __call__(self, rows: Rows) -> Rows:
        """Explain rows; each costs as many queries as there are masks."""
        values = self.game.values(rows, self.masks)
        return (values.double() @ self.lead).to(rows.dtype)


def exact(game: Game) -> Kept:
    """Return the explainer that asks for everything."""
    n = game.n_features
    return Kept(game, all_coalitions(n), shapley_weights(n))


def kept_kernel(game: Game, n_queries: int, *, seed: int = 0) -> Kept:
    """Return KernelSHAP with coalitions that are drawn once."""
    n = game.n_features
    mass = kernel_mass(n)
    mass[[0, -1]] = SINGLES_FIRST
    masks, chance = paired_coalitions(
        n, (n_queries - 2) // 2, mass, generator=seeded(seed), dealt=True
    )
    lead = shapley_map(masks, kernel_weight(masks) / chance)
    ends = torch.tensor([[False], [True]]).expand(2, n)
    return Kept(game, torch.cat([ends[:1], masks, ends[1:]]), lead)


def drawn_anew(game: Game, n_queries: int, *, seed: int = 0) -> Explain:
    """Return KernelSHAP that draws its coalitions again for each row."""
    lot = seeded(seed)

    def explain(rows: Rows) -> Rows:
        each = [kernel_shap(game, row, n_queries=n_queries, generator=lot) for row in rows.split(1)]
        return torch.cat([one.values for one in each])

    return explain


@torch.no_grad()
def kept_traveller(
    game: Game, traveller: Traveller, n_queries: int, *, seen: Rows | None = None
) -> Kept:
    """Return the explainer that travels; given rows, it first adapts to the model on these.

    Args:
        seen: rows of the model, which are asked about once: `n_queries` each.
    """
    masks = traveller.prior.design(n_queries)
    joint = traveller.prior.joint(masks)
    weights = joint.weights()
    if seen is not None:
        asked = torch.cat([masks.new_zeros(1, masks.shape[1]), masks])
        values = game.values(seen, asked).double()
        answers = values[:, 1:] - values[:, :1]
        size = answers.square().mean(-1, keepdim=True).sqrt().clamp_min(1e-12)
        pilot = joint.shapley(answers)[0]
        adapted = traveller.process.adapt(
            (answers / size)[None], masks, (pilot / size)[None], STEPS
        )
        weights = traveller.process.joint(adapted, masks).weights()[0]
    lead = weights.T  # (query, feature), all columns first; the values have to add up
    lead[0] += (1 - lead[0].sum()) / len(weights)
    lead[1:] -= lead[1:].sum(1, keepdim=True) / len(weights)
    ends = torch.cat([-lead.sum(0, keepdim=True), lead[1:], lead[:1]])
    return Kept(game, torch.cat([masks.new_zeros(1, masks.shape[1]), masks[1:], masks[:1]]), ends)


def traveller() -> Traveller:
    """Learn to travel from games of random models, none of them a mill's."""
    n_models, steps = at_scale(quick=(120, 10), full=(1400, 200))
    return learn(random_games(n_models, seed=1)[0], outer_steps=steps)


def all_of(
    one: Mill,
    travels: Traveller,
    trained: Explain,
    *,
    budgets: Sequence[int] = BUDGETS,
    more: Sequence[int] = MORE,
) -> dict[str, dict[int, Explain]]:
    """Return every explainer with every budget, by queries of an item; the network asks 1.

    Args:
        more: further budgets of KernelSHAP, which starts anew with every model.
    """
    game, first = one.game, one.seen[N_BACKGROUND : N_BACKGROUND + N_ADAPTED]
    kernel = (*budgets, *more)

    return {
        "exact": {1024: exact(game)},
        "KernelSHAP, drawn anew": {n: drawn_anew(game, n) for n in kernel},
        "KernelSHAP, kept": {n: kept_kernel(game, n) for n in kernel},
        "travelling": {n: kept_traveller(game, travels, n) for n in budgets},
        "travelling, adapted": {n: kept_traveller(game, travels, n, seen=first) for n in budgets},
        "amortised": {1: trained},
    }


@dataclass(frozen=True, eq=False)
class Point:
    """An explainer with one budget: its latency, item by item, and its mean relative error."""

    latency: Latency
    error: float


def anytime(
    explainers: Mapping[str, Mapping[int, Explain]], items: Rows, truth: Rows, *, n_timed: int = 40
) -> dict[str, dict[int, Point]]:
    """Time each explainer on single items, and judge it on all."""
    each: Sequence[Tensor] = items[:n_timed].split(1)
    found: dict[str, dict[int, Point]] = {}
    for name, budgets in explainers.items():
        found[name] = {
            n: Point(time_calls(explain, each), error_of(explain(items), truth))
            for n, explain in budgets.items()
        }
    return found


def error_of(values: Rows, truth: Rows) -> float:
    """Return the mean error of rows, as a share of the length of the exact values."""
    return float(((values - truth).norm(dim=-1) / truth.norm(dim=-1)).mean())
