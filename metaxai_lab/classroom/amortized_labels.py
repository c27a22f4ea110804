"""What to train an amortised explainer on: coalitions or labels, noisy or exact, at equal queries.

A label is the value of each column; to the network it is a coalition of one column whose worth is
known, so that all kinds go through the same training. Source: Covert et al. (2024) for noisy
labels, unbiased ones, in the place of exact ones.
Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.amortized_study import Case, explained_by
from metaxai_lab.core import Attribution, Episode, Examples, seeded
from metaxai_lab.explainers import (
    Game,
    StoredValues,
    Training,
    exact_shapley,
    kernel_shap,
    learned,
    permutation_shapley,
    store_coalitions,
)
from metaxai_lab.explainers.amortized import serving
from metaxai_lab.explainers.amortized_net import AmortizedNet, coalition_loss
from metaxai_lab.explainers.stored_values import more_rows
from metaxai_lab.learners import meta_train

Rows = Float[Tensor, "row feature"]
Estimate = Callable[[Game, Rows], Attribution]
KINDS = ("coalitions", "one order", "KernelSHAP", "exact")
GROUPS = 1_000  # of rows that share the draws of an estimate: two or three in a group
N_COALITIONS = 16


def error_of(of: Case, kind: str, budget: int, *, seed: int, training: Training) -> float:
    """Train on one of `KINDS` for so many queries, and return the error on unseen rows."""
    generator, game = seeded(seed), Game(of.local.model, of.local.background)
    stored = answers(game, of.local.data, kind, budget, generator)
    found = learned(game, stored, training=training, generator=generator)
    return of.error(explained_by(of, found))


def answers(game: Game, data: Rows, kind: str, budget: int, generator: Generator) -> StoredValues:
    """Spend a budget of queries on one kind of training signal.

    Raises:
        ValueError: if there is no such kind.
    """
    n = game.n_features
    prices = {
        "coalitions": N_COALITIONS + 1,
        "one order": 2 * n,
        "KernelSHAP": 4 * n,
        "exact": 2**n,
    }
    if kind not in KINDS:
        raise ValueError(f"the kinds are {', '.join(KINDS)}; found {kind!r}.")
    n_rows = budget // prices[kind]
    rows = more_rows(data, n_rows, generator=generator)
    if kind == "coalitions":
        return store_coalitions(game, rows, n_coalitions=N_COALITIONS, generator=generator)
    estimates: dict[str, Estimate] = {
        "one order": partial(permutation_shapley, n_queries=2 * n, generator=generator),
        "KernelSHAP": partial(kernel_shap, n_queries=4 * n, generator=generator),
        "exact": exact_shapley,
    }
    return labelled(game, rows, estimates[kind])


def labelled(game: Game, rows: Rows, estimate: Estimate) -> StoredValues:
    """Store what an estimate says of each row, with new draws for each of some groups of rows."""
    before = game.n_queries
    found = [estimate(game, part) for part in rows.chunk(GROUPS)]
    values = torch.cat([one.values for one in found])
    totals = torch.cat([one.output - one.reference for one in found])
    singles = torch.eye(rows.shape[1]).to(rows).expand(*rows.shape, rows.shape[1])
    reference = float(found[0].reference[0])
    return StoredValues(rows, singles, values, totals, reference, game.n_queries - before)


def error_of_fresh(of: Case, *, batch: int, seed: int, training: Training) -> tuple[float, int]:
    """Ask for new coalitions in every step, as published; return the error and the queries."""
    generator, game = seeded(seed), Game(of.local.model, of.local.background)
    net = AmortizedNet(of.local.data, width=training.width, generator=generator)

    def draw(generator: Generator) -> Episode:
        rows = more_rows(of.local.data, batch, generator=generator)
        new = store_coalitions(game, rows, n_coalitions=N_COALITIONS, generator=generator)
        support = Examples(new.rows[None].unsqueeze(-2), new.totals[None].unsqueeze(-1))
        return Episode(support, Examples(new.questions[None], new.values[None]))

    meta_train(
        net,
        draw,
        coalition_loss,
        steps=training.steps,
        outer_lr=training.outer_lr,
        weight_decay=training.weight_decay,
        generator=generator,
        device=of.local.data.device,
        progress=False,
    )
    stored = store_coalitions(game, of.local.data[:1], generator=generator)
    return of.error(explained_by(of, serving(net, game, stored))), game.n_queries
