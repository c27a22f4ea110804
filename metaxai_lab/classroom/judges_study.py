"""What the page on judges measures: networks with exact values, rivals, and a gate for judges.

The networks learn a planted table of 12 columns, of which the first 8 act. Chapter:
book/judging/judges.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from metaxai_lab.classroom.judge_bench import FAMILY_OF, judge_bench
from metaxai_lab.classroom.shapley_study import Judged, judged
from metaxai_lab.core import Attribution, Explainer, Model, at_scale, seeded
from metaxai_lab.evaluation import Admission, admit, randomised
from metaxai_lab.evaluation.admission import Judge
from metaxai_lab.evaluation.blanking_curves import Kind, curve
from metaxai_lab.evaluation.fills import Fill, fills_of
from metaxai_lab.explainers import (
    exact_shapley,
    explainer_of,
    gradient,
    integrated_gradients,
    lime,
    shuffled,
)
from metaxai_lab.explainers.influence import Target

N_ACTING = 8
SEEDS = (0, 1, 2)


def panel(*, n_seeds: int = 3) -> list[Judged]:
    """Train the networks, and ask for exact values of some rows each has not seen."""
    n_rows = at_scale(quick=24, full=100)
    return [judged("synth12", seed, n_rows=n_rows) for seed in SEEDS[:n_seeds]]


def truth_of(case: Judged) -> Bool[Tensor, "row feature"]:
    """Return the columns that act, the same for each row."""
    acting = torch.arange(case.rows.shape[-1], device=case.rows.device) < N_ACTING
    return acting.expand(case.rows.shape)


def rivals_of(case: Judged) -> dict[str, Attribution]:
    """Return what is asked beside the exact values: three usual methods."""
    model, x, background = case.local.model, case.rows, case.local.background
    mean = background.mean(0)
    return {
        "slope": gradient(model, x, target=0),
        "path": integrated_gradients(model, x, target=0, baseline=mean),
        "LIME": lime(model, x, target=0, background=background, generator=seeded(0)),
    }


def bench_of(case: Judged) -> dict[str, Judge]:
    """Return the bench, with truth and exact values."""
    return judge_bench(
        case.local.model,
        case.local.background,
        truth=truth_of(case),
        exact=case.exact,
        n_draws=10,
    )


def at_the_gate(case: Judged) -> dict[str, Admission]:
    """Put each judge of the bench to the gate; none raises.

    Judges that do not ask the model cost nothing, so they meet many more random explanations.
    """
    rivals, found = rivals_of(case), {}
    for name, judge in bench_of(case).items():
        n_draws = 12 if FAMILY_OF[name] == "faithfulness" else 200
        knobs = {"n_draws": n_draws, "strict": False, "generator": seeded(1)}
        found[name] = admit(judge, case.exact, rivals, **knobs)
    return found


def methods(background: Float[Tensor, "background feature"]) -> dict[str, Explainer]:
    """Return methods for judges that explain anew: right ones, and two that know nothing."""
    exact = explainer_of(exact_shapley, background)
    return {
        "exact": exact,
        "slope": gradient,
        "path": partial(integrated_gradients, baseline=background.mean(0)),
        "same for all": same_for_all,
        "random places": partial(shuffled, explain=exact, generator=seeded(3)),
    }


def same_for_all(
    model: Model, x: Float[Tensor, "*tasks row feature"], *, target: Target
) -> Attribution:
    """Give every row the values 1, 2, 3 and so on, whatever the model and the row."""
    fixed = torch.arange(1, x.shape[-1] + 1).to(x).expand_as(x)
    return replace(gradient(model, x, target=target), values=fixed)


def method_marks(case: Judged, *, n_rows: int = 6, n_background: int = 4) -> Mapping[str, tuple]:
    """Return the mean marks of stability and sanity of each method, on a few rows.

    Raises:
        TypeError: if the model is no network, whose weights could be drawn anew.
    """
    background, x = case.local.background[:n_background], case.rows[:n_rows]
    model, marks = case.local.model, {}
    if not isinstance(model, nn.Module):
        raise TypeError("weights are drawn anew in a network; this model is none.")
    twin = randomised(model, generator=seeded(5))
    for name, explain in methods(background).items():
        found = explain(model, x, target=0)
        bench = judge_bench(model, background, explain=explain, twin=twin)
        marks[name] = (bench["stability"](found).mean, bench["sanity"](found).mean)
    return marks


@dataclass(frozen=True)
class Fall:
    """Deletion curves under one fill, by explanation, and the areas below them."""

    shares: Float[Tensor, " point"]
    curves: Mapping[str, Float[Tensor, " point"]]
    areas: Mapping[str, float]


def falls(case: Judged, fill: Fill, *, kind: Kind = "deletion") -> Fall:
    """Delete in the order of the exact values, of the slope, and at random."""
    asked = {"exact": case.exact, "slope": rivals_of(case)["slope"]}
    curves, shares = {}, torch.zeros(0)
    for name, attribution in asked.items():
        each = [
            curve(case.local.model, attribution, kind=kind, target=0, fill=row, unit="output",
                  n_draws=20, generator=seeded(2))
            for row in torch.atleast_2d(fill)
        ]  # fmt: skip
        curves[name] = torch.stack([one.values for one in each]).mean((0, 1))
        curves["random"] = torch.stack([one.chance for one in each]).mean((0, 1))
        shares = each[0].shares
    areas = {name: float(torch.trapezoid(values, shares)) for name, values in curves.items()}
    return Fall(shares, curves, areas)


def fills(case: Judged) -> dict[str, Fill]:
    """Return the stand-ins of `fills_of`, by name."""
    return fills_of(case.local.background)
