"""Rungs that train for one model, beside those that travel: what each costs, and how far it errs.

An amortised explainer is trained for each model, from nothing or from the explainer of an earlier
network on the same rows. It pays with questions about rows it will not explain, and with seconds.
Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import process_time

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.real_models import RealModel, network_again
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, StoredValues, Training, learned, store_coalitions
from metaxai_lab.explainers.amortized_net import AmortizedNet
from metaxai_lab.explainers.stored_values import more_rows

N_COALITIONS = 16  # asked about each training row, and the total besides
MANY, FEW = 4_000, 240  # rows of a training from nothing, and of one that has few questions
FULL = Training(width=64, steps=400, batch=128)
FROM_FEW = Training(width=64, steps=150, batch=128)
WARM = Training(width=64, steps=150, batch=128, outer_lr=0.003)

Rows = Float[Tensor, "row feature"]


@dataclass(frozen=True)
class Rung:
    """What an explainer says of some rows, and what it cost.

    Args:
        values: of the rows.
        n_queries: of the model that is explained, for all rows and the training together.
        seconds: of one core.
    """

    values: Rows
    n_queries: int
    seconds: float


def trained_rungs(one: RealModel) -> dict[str, Rung]:
    """Explain the rows of a network by explainers that are trained for it, three ways."""
    return {
        "amortised": _rung(one, MANY, FULL),
        "amortised, few": _rung(one, FEW, FROM_FEW),
        "warm start, few": _rung(one, FEW, WARM, _net(network_again(one, seed=1))),
    }


def control_rungs(one: RealModel, *, seed: int) -> dict[str, Rung]:
    """Explain them with the steps of a warm start, but with nothing of use to begin with.

    The strange start is the explainer of a network that learned the same rows with their labels in
    another order, drawn by `seed`: it knows the table, and nothing of what the models have in
    common.
    """
    order = torch.randperm(len(one.labels), generator=seeded(seed))
    strange = network_again(replace(one, labels=one.labels[order]), seed=1)
    return {
        "strange start, few": _rung(one, FEW, WARM, _net(strange)),
        "no start, few": _rung(one, FEW, WARM),
    }


def timed(explain: Callable[[Game], Rows], one: RealModel) -> Rung:
    """Ask an explainer of games, and look at the clock and at what it paid."""
    game, begun = Game(one.model, one.background, tile=2**17), process_time()
    values = explain(game)
    return Rung(values, game.n_queries, process_time() - begun)


def stored(one: RealModel, n_rows: int, *, seed: int = 0) -> StoredValues:
    """Ask a model about coalitions of its training rows."""
    game, generator = Game(one.model, one.background, tile=2**17), seeded(seed)
    rows = more_rows(one.data, n_rows, generator=generator)
    return store_coalitions(game, rows, n_coalitions=N_COALITIONS, generator=generator)


def _rung(one: RealModel, n_rows: int, how: Training, start: AmortizedNet | None = None) -> Rung:
    begun = process_time()
    answers = stored(one, n_rows)
    game = Game(one.model, one.background)
    explain = learned(game, answers, training=how, start=start, generator=seeded(0))
    values = explain(one.model, one.rows, target=0).values
    n_queries = answers.n_queries + len(one.rows)
    return Rung(values, n_queries, process_time() - begun)


def _net(one: RealModel) -> AmortizedNet:
    """Return the network of an explainer that had many questions."""
    game = Game(one.model, one.background)
    return learned(game, stored(one, MANY), training=FULL, generator=seeded(0)).net
