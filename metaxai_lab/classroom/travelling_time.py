"""How many questions may KernelSHAP ask in the time that an explainer that travels takes?

Its time grows with the questions; two numbers of them, timed in turn with the explainers, give the
line. Seconds are those of one core. Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import process_time

from metaxai_lab.classroom.real_models import RealModel
from metaxai_lab.classroom.travelling_study import STEPS, Traveller
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, kernel_shap, travelling

ASKED, MORE = 38, 152  # questions for each row
FEWEST, MOST = 20, 1022  # that KernelSHAP takes for ten columns, and that there are


@dataclass(frozen=True)
class SameTime:
    """An explainer with 38 questions beside KernelSHAP.

    Args:
        times: its time, in those of KernelSHAP with as many questions.
        queries: what KernelSHAP may ask in its time.
    """

    times: float
    queries: int


def same_time(traveller: Traveller, one: RealModel, *, repeats: int = 3) -> dict[str, SameTime]:
    """Time the closed form and the adapted explainer on the rows of a model, turn by turn."""
    game, rows = Game(one.model, one.background, tile=2**14), one.rows
    how = {"prior": traveller.prior, "n_queries": ASKED}
    steps = how | {"process": traveller.process, "steps": STEPS}
    spent = turn_by_turn(
        {
            "few": lambda: kernel_shap(game, rows, n_queries=ASKED, generator=seeded(0)),
            "more": lambda: kernel_shap(game, rows, n_queries=MORE, generator=seeded(0)),
            "closed form": lambda: travelling(game, rows, **how),
            "adapted": lambda: travelling(game, rows, **steps),
        },
        repeats,
    )
    few, more = spent.pop("few"), spent.pop("more")
    return {n: SameTime(s / few, affordable(s, few, more)) for n, s in spent.items()}


def affordable(seconds: float, few: float, more: float) -> int:
    """Return how many questions KernelSHAP asks in so many seconds, an even number.

    Args:
        few: its seconds with `ASKED` questions.
        more: with `MORE`.
    """
    each = max((more - few) / (MORE - ASKED), 1e-9)
    number = round((ASKED + (seconds - few) / each) / 2) * 2
    return min(max(number, FEWEST), MOST)


def turn_by_turn(calls: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the median seconds of each call, one round after the other; the first is not timed."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            begun = process_time()
            call()
            if turn:
                spent[name].append(process_time() - begun)
    return {name: median(each) for name, each in spent.items()}
