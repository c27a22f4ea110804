"""The judges that the page on Shapley values puts to the gate: deletion, insertion and PGI.

Each is bound to one network, in the unit of its output, so that it takes an attribution and no
more. Chapter: book/local/shapley_and_lime.ipynb.
"""

from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from metaxai_lab.classroom.shapley_study import Judged
from metaxai_lab.core import Attribution, Score, seeded
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
            ask = partial(kind, model, target=0, unit="output", n_draws=n_draws)
            found[f"{kind.__name__}, {name}"] = _under(ask, name, fills[name])
    found["PGI"] = lambda attribution: gap_on_important(
        model, attribution, target=0, background=background, generator=seeded(2)
    )
    return found


def examined(case: Judged, judge: Judge) -> Admission:
    """Examine a judge with the exact values of a network's rows; `usual` are the rivals."""
    return admit(judge, case.exact, usual(case), strict=False, generator=seeded(1))


def usual(case: Judged) -> dict[str, Attribution]:
    """Explain the rows by the gradient, by LIME, and by the value of each column alone or left out.

    A column alone is worth what it adds to no column; left out, what is lost of all.
    """
    model, x = case.local.model, case.rows
    one = torch.eye(x.shape[-1], device=x.device).bool()
    empty, whole = (end[:, None] for end in case.game.ends(x))
    return {
        "gradient": gradient(model, x, target=0),
        "LIME": lime(model, x, target=0, background=case.local.background, generator=seeded(0)),
        "alone": replace(case.exact, values=case.game.values(x, one) - empty),
        "left out": replace(case.exact, values=whole - case.game.values(x, ~one)),
    }


def gradient_ahead(case: Judged, judge: Judge, *, times_distance: bool = False) -> float:
    """Return by how much the gradient's mark is better than that of the exact values.

    Args:
        times_distance: take each slope times how far the row lies from the background's mean.
    """
    exact, slope = judge(case.exact), gradient(case.local.model, case.rows, target=0)
    if times_distance:
        far = case.rows - case.local.background.mean(0)
        slope = replace(slope, values=slope.values * far)
    return (judge(slope).mean - exact.mean) * (1 if exact.higher_is_better else -1)


def greedy(case: Judged, name: str) -> Attribution:
    """Name the columns in the order that deletion under a fill itself would choose.

    Step by step, each row gives up the column that lowers its mean output over the fill most.

    Args:
        name: of the fill, one of `FILLS`.
    """
    x, fill = case.rows, torch.atleast_2d(fills_of(case.local.background)[name])
    n, rows = x.shape[-1], torch.arange(len(x), device=x.device)
    gone, places = torch.zeros_like(x).bool(), torch.zeros_like(x)
    for left in range(n, 0, -1):
        outputs = _without_one_more(case, gone, fill).masked_fill(gone, float("inf"))
        chosen = outputs.argmin(-1)
        gone[rows, chosen] = True
        places[rows, chosen] = float(left)
    return replace(case.exact, values=places)


def share(admission: Admission, mark: Score) -> float:
    """Return a mark on the scale of an admission, where chance is 0 and the exact values are 1."""
    return (mark.mean - admission.chance) / (admission.exact - admission.chance)


def _without_one_more(case: Judged, gone: Tensor, fill: Tensor) -> Tensor:
    """Return the mean output of each row where each column in turn is taken away as well."""
    tried = gone[:, None] | torch.eye(gone.shape[-1], device=gone.device).bool()
    asked = torch.where(tried[:, :, None], fill, case.rows[:, None, None])
    with torch.no_grad():
        outputs = case.local.model(asked.flatten(0, 2))[:, 0]
    return outputs.unflatten(0, asked.shape[:3]).mean(-1)


def _under(ask: partial, name: str, fill: Fill) -> Judge:
    def judge(attribution: Attribution) -> Score:
        seeded_ask = partial(ask, generator=seeded(2))  # the same draws, whoever is asked when
        return under_fills(seeded_ask, attribution, {name: fill})[name]

    return judge
