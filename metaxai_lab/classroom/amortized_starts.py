"""From where should the explainer of a retrained model begin? Three ways, at equal questions.

The models are networks of one kind, each trained from another seed on another draw of the rows of
breast cancer, so that they share most rows; none was trained on the rows that judge.
Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metaxai_lab.classroom.amortized_study import Case, explained_by
from metaxai_lab.classroom.local_models import LocalModel, local_model
from metaxai_lab.core import seeded
from metaxai_lab.explainers import (
    Game,
    StoredValues,
    Training,
    exact_shapley,
    learned,
    store_coalitions,
)
from metaxai_lab.explainers.amortized import serving
from metaxai_lab.explainers.amortized_net import AmortizedNet
from metaxai_lab.explainers.stored_values import more_rows
from metaxai_lab.explainers.warm_start import reptile_start

MODEL = "bc12"
STEPS = {1_000: 150, 4_000: 300, 16_000: 600}  # of training, by the questions that are spent
RATES = {"scratch": 0.012, "warm": 0.003, "reptile": 0.003}
N_ROWS = 20
PATIENT = Training(batch=256)
PER_ROW = 17  # questions: 16 coalitions and the total


@dataclass(frozen=True)
class Starts:
    """Networks to begin with, by the way they came about; None for nothing."""

    nets: dict[str, AmortizedNet | None]


def starts_from(
    earlier: Sequence[int], *, n_rows: int = 1_000, training: Training = PATIENT
) -> Starts:
    """Learn from earlier models, named by their seeds: from the first alone, and from all."""
    locals_ = [local_model(MODEL, seed=seed, n_apart=N_ROWS) for seed in earlier]
    stores = [stored(one, n_rows * PER_ROW, seed) for seed, one in enumerate(locals_)]
    first = stored(locals_[0], n_rows * PER_ROW * len(locals_), 0)
    one = learned(game_of(locals_[0]), first, training=training, generator=seeded(0))
    crowd = reptile_start(stores, rounds=40, generator=seeded(0))
    return Starts({"scratch": None, "warm": one.net, "reptile": crowd})


def errors_after(begun: Starts, later: Sequence[int], spent: int) -> dict[str, list[float]]:
    """Explain models that came later, after so many questions each; one error for each model.

    Args:
        spent: 0, or one of `STEPS`.
    """
    found: dict[str, list[float]] = {way: [] for way in begun.nets}
    for seed in later:
        local = local_model(MODEL, seed=seed, n_apart=N_ROWS)
        game, rows = game_of(local), local.rows[:N_ROWS]
        case = Case(local, game, rows, exact_shapley(game, rows).values, local.rows[N_ROWS:])
        for way, start in begun.nets.items():
            if start is not None or spent:
                found[way].append(_error(case, way, start, spent, seed))
    return {way: errors for way, errors in found.items() if errors}


def stored(local: LocalModel, n_queries: int, seed: int) -> StoredValues:
    """Ask a model for coalitions of its training rows."""
    generator = seeded(seed)
    rows = more_rows(local.data, max(1, n_queries // PER_ROW), generator=generator)
    return store_coalitions(game_of(local), rows, generator=generator)


def game_of(local: LocalModel) -> Game:
    """Return the game that a model plays against its background."""
    return Game(local.model, local.background)


def _error(case: Case, way: str, start: AmortizedNet | None, spent: int, seed: int) -> float:
    answers = stored(case.local, spent, seed)
    if not spent:
        assert start is not None
        return case.error(explained_by(case, serving(start, case.game, answers)))
    how = Training(steps=STEPS[spent], batch=128, outer_lr=RATES[way])
    explain = learned(case.game, answers, training=how, start=start, generator=seeded(seed))
    return case.error(explained_by(case, explain))
