"""What rungs cost that train for one model, and what a network in context brings: a stored record.

It is made by `python benchmarks/travelling.py --store`; the page has no time for it. Nothing is
typed. Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom import travelling_ladder as ladder
from metaxai_lab.classroom import travelling_study as study
from metaxai_lab.classroom.real_models import RealModel, real_models
from metaxai_lab.classroom.record import Record, read
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, exact_shapley, kernel_shap, travelling

Numbers = Iterator[tuple[str, list[float]]]
Rows = Float[Tensor, "row feature"]

PLACE = Path(__file__).parents[2] / "book" / "local" / "travelling_study.json"
COMMAND = "python benchmarks/travelling.py --store"


def stored_travelling(place: Path = PLACE) -> Record:
    """Return the stored record: numbers by name, one for each network or number of questions.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    return read(place, COMMAND)


def rungs(traveller: study.Traveller) -> Numbers:
    """Explain the three networks by each rung; one number for each network."""
    how = {"prior": traveller.prior, "n_queries": 38}
    steps = how | {"process": traveller.process, "steps": study.STEPS}
    found: dict[str, list[tuple[float, float, float]]] = {}
    for one in networks():
        x = one.rows
        asks = {
            "exact": lambda game, x=x: exact_shapley(game, x).values,
            "KernelSHAP": lambda game, x=x: (
                kernel_shap(game, x, n_queries=38, generator=seeded(0)).values
            ),
            "closed form": lambda game, x=x: travelling(game, x, **how).values,
            "adapted": lambda game, x=x: travelling(game, x, **steps).values,
        }
        each = {name: ladder.timed(ask, one) for name, ask in asks.items()}
        each |= ladder.trained_rungs(one)
        exact = each["exact"].values
        for name, rung in each.items():
            paid = rung.n_queries, rung.seconds
            found.setdefault(name, []).append((error(rung.values, exact), *paid))
    for name, told in found.items():
        for what, values in zip(
            ("error", "questions", "seconds"), zip(*told, strict=True), strict=True
        ):
            yield f"{name}, {what}", list(values)


def controls(seeds: Sequence[int] = (0, 1, 2)) -> Numbers:
    """Say how far explainers err whose start is of no use; one number for each network."""
    found: dict[str, list[float]] = {}
    for one in networks():
        exact = exact_shapley(Game(one.model, one.background), one.rows).values
        runs = [ladder.control_rungs(one, seed=seed) for seed in seeds]
        for name in runs[0]:
            errors = [error(rungs[name].values, exact) for rungs in runs]
            found.setdefault(name, []).append(fmean(errors))
    for name, errors in found.items():
        yield f"{name}, error", errors


def networks() -> Iterator[RealModel]:
    """Return those of the twelve models that are networks, with 20 rows to explain."""
    return (one for one in real_models(n_rows=20) if one.family == "network")


def error(values: Rows, exact: Rows) -> float:
    """Return the mean distance of values from exact ones, as a share of their length."""
    return float(((values - exact).norm(dim=-1) / exact.norm(dim=-1)).mean())
