"""The judges that the page on Shapley values puts to the gate: deletion, insertion and PGI.

Each is bound to one network, in the unit of its output, so that it takes an attribution and no
more. Chapter: book/local/shapley_and_lime.ipynb.
"""

from functools import partial

from metaxai_lab.classroom.shapley_study import Judged
from metaxai_lab.core import seeded
from metaxai_lab.evaluation import (
    Admission,
    admit,
    deletion,
    fills_of,
    gap_on_important,
    insertion,
    under_fills,
)
from metaxai_lab.evaluation.admission import Judge
from metaxai_lab.evaluation.fills import Fill
from metaxai_lab.explainers import gradient, lime

FILLS = ("mean", "minimum", "maximum", "rows")


def judges_of(case: Judged, *, n_draws: int = 10) -> dict[str, Judge]:
    """Return deletion and insertion under each of `FILLS`, and PGI, by name.

    Args:
        n_draws: random orders, for chance.
    """
    model, background = case.local.model, case.local.background
    fills, found = fills_of(background), {}
    for kind in (deletion, insertion):
        for name in FILLS:
            ask = partial(
                kind, model, target=0, unit="output", n_draws=n_draws, generator=seeded(2)
            )
            found[f"{kind.__name__}, {name}"] = _under(ask, name, fills[name])
    found["PGI"] = partial(
        gap_on_important, model, target=0, background=background, generator=seeded(2)
    )
    return found


def examined(case: Judged, judge: Judge) -> Admission:
    """Examine a judge with the exact values of a network's rows, its gradient and LIME."""
    model, x = case.local.model, case.rows
    plane = lime(model, x, target=0, background=case.local.data, generator=seeded(0))
    rivals = {"gradient": gradient(model, x, target=0), "LIME": plane}
    return admit(judge, case.exact, rivals, strict=False, generator=seeded(1))


def gradient_ahead(case: Judged, judge: Judge) -> float:
    """Return by how much the gradient's mark is better than that of the exact values."""
    exact = judge(case.exact)
    slope = judge(gradient(case.local.model, case.rows, target=0))
    return (slope.mean - exact.mean) * (1 if exact.higher_is_better else -1)


def _under(ask: partial, name: str, fill: Fill) -> Judge:
    return lambda attribution: under_fills(ask, attribution, {name: fill})[name]
