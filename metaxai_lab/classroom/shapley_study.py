"""What the page on Shapley values and LIME measures: a model with its exact values, and estimates.

Also the other game that a set of columns may play, where what is absent is drawn given what is
known. Source: Janzing, Minorics & Bloebaum (2020) and Chen et al. (2020) for the two.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom import library_explainers as library
from metaxai_lab.classroom.local_models import LocalModel, local_model
from metaxai_lab.core import Attribution, Model, at_scale, seeded
from metaxai_lab.evaluation import exact_agreement
from metaxai_lab.explainers import Game, exact_shapley, kernel_shap, lime, permutation_shapley
from metaxai_lab.explainers.coalitions import all_coalitions

Rows = Float[Tensor, "row feature"]
Estimate = Callable[[int], Rows]  # from queries for each row to values


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_rows: int  # explained, of each model
    n_judged: int  # on which judges are examined
    budgets: tuple[int, ...]  # queries for each row
    n_seeds: int  # of what draws at random


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(12, 24, (32, 64, 128, 256, 512), 5),
        full=Plan(100, 100, (32, 64, 128, 256, 512, 1024, 2048), 10),
    )


@dataclass(frozen=True)
class Judged:
    """A trained model, rows that it has not seen, and their exact Shapley values."""

    local: LocalModel
    game: Game
    exact: Attribution

    @property
    def rows(self) -> Rows:
        """The rows that are explained."""
        return self.exact.inputs

    def first(self, n_rows: int) -> "Judged":
        """Return the same model with the first of its rows."""
        a = self.exact
        some = Attribution(
            a.values[:n_rows], a.inputs[:n_rows], a.output[:n_rows], a.reference[:n_rows]
        )
        return replace(self, exact=some)


def judged(name: str, seed: int, *, n_rows: int) -> Judged:
    """Train a model, and ask for every coalition of each row."""
    local = local_model(name, seed=seed)
    game = Game(local.model, local.background)
    return Judged(local, game, exact_shapley(game, local.rows[:n_rows]))


def estimators(case: Judged, *, seed: int = 7) -> dict[str, Estimate]:
    """Return our estimators and those of the libraries, as functions from queries to values.

    Each call draws from the same seed. LIME gets as many points as the others get queries, and the
    background of the game as its table.
    """
    game, x = case.game, case.rows
    asked = {"game": game, "rows": x}
    return {
        "KernelSHAP": lambda n: kernel_shap(**asked, n_queries=n, generator=seeded(seed)).values,
        "permutation": lambda n: (
            permutation_shapley(**asked, n_queries=n, generator=seeded(seed)).values
        ),
        "shap, kernel": lambda n: library.shap_kernel(
            **asked, n_queries=n - 2, generator=seeded(seed)
        ),
        "shap, permutation": lambda n: library.shap_permutation(
            **asked, n_queries=n, generator=seeded(seed)
        ),
        "captum, on the game": lambda n: library.captum_on_game(
            **asked, n_queries=n, generator=seeded(seed)
        ),
        "LIME": lambda n: plane(case, n_samples=n, seed=seed),
    }


def plane(case: Judged, *, n_samples: int, width: float | None = None, seed: int = 7) -> Rows:
    """Return LIME's values for the rows, with the background of the game as its table."""
    knobs = {"background": case.local.background, "n_samples": n_samples, "width": width}
    return lime(case.local.model, case.rows, target=0, **knobs, generator=seeded(seed)).values


def apart(
    case: Judged, n_background: int, *, n_queries: int = 256, n_pairs: int = 4
) -> list[float]:
    """Return how far KernelSHAP's values lie apart against two backgrounds that share no row.

    Both ask for the same coalitions, so that what differs is the background.

    Args:
        n_background: rows of each.
        n_pairs: such pairs, drawn at random.
    """
    data, distances = case.local.data, []
    for pair in range(n_pairs):
        order = torch.randperm(len(data), generator=seeded(100 + pair)).to(data.device)
        one, other = (
            kernel_shap(
                Game(case.local.model, data[part]),
                case.rows,
                n_queries=n_queries,
                generator=seeded(0),
            ).values
            for part in order[: 2 * n_background].split(n_background)
        )
        distances.append(off_by(one, other))
    return distances


def off_by(values: Rows, exact: Rows) -> float:
    """Return the median error over the rows."""
    return float(exact_agreement(values, exact, k=1).error.values.median())


def lime_runs(
    case: Judged, *, n_rows: int, n_samples: int, discretised: bool, n_seeds: int
) -> Float[Tensor, "seed row feature"]:
    """Ask the `lime` library about the same rows from several seeds."""
    table = case.local.background
    knobs = {"data": table, "n_samples": n_samples, "discretised": discretised}
    asked = [
        library.lime_library(case.game, case.rows[:n_rows], **knobs, generator=seeded(seed))
        for seed in range(n_seeds)
    ]
    return torch.stack(asked)


def others(case: Judged, n_rows: int) -> Rows:
    """Return the first training rows that are not in the background."""
    data = case.local.data
    used = (data[:, None] == case.local.background).all(-1).any(-1)
    return data[~used][:n_rows]


def captum_errors(case: Judged, *, n_queries: int) -> tuple[float, float, float, float]:
    """Let captum play against the mean row, and on the game itself, the way round.

    Returns:
        Against the mean row: its error in that game, and in the game of the whole background. The
        way round: its error in the game of the whole background, and in that of the mean row.
    """
    baseline = case.local.background.mean(0)
    played = exact_shapley(Game(case.local.model, baseline[None]), case.rows).values
    knobs = {"n_queries": n_queries, "generator": seeded(0)}
    alone = library.captum_kernel(case.game, case.rows, baseline=baseline, **knobs)
    on_game = library.captum_on_game(case.game, case.rows, **knobs)
    meant = case.exact.values
    ours, turned = off_by(on_game, meant), off_by(on_game, played)
    return off_by(alone, played), off_by(alone, meant), ours, turned


def conditional_values(
    model: Model, table: Rows, row: Float[Tensor, " feature"]
) -> Float[Tensor, " coalition"]:
    """Return what each coalition is worth where absent columns are drawn given the known ones.

    v(S) is the mean output over those rows of the table that have the row's values in S.

    Raises:
        ValueError: if the row is none of the table, so that no row has its values.
    """
    masks = all_coalitions(len(row))
    alike = ((table == row) | ~masks[:, None]).all(-1).to(table.dtype)
    count = alike.sum(1)
    if not bool((count > 0).all()):
        raise ValueError(
            "no row of the table has all values of the row that is explained. Take a row of the "
            "table, with columns that hold few different values."
        )
    with torch.no_grad():
        return alike @ model(table)[:, 0] / count
