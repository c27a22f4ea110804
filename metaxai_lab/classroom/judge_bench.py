"""The bench of judges, by name: each takes an attribution, and all their knobs are bound.

Judges of faithfulness and complexity need the model and a background. Those of place need planted
truth, those of agreement exact values. Stability and sanity judge a method, not an attribution:
they are there where the method is given, and explain the attribution's rows with it.
Chapter: book/judging/judges.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Attribution, Explainer, Model, Score, seeded
from metaxai_lab.evaluation import (
    comprehensiveness,
    deletion,
    entropy,
    exact_agreement,
    fills_of,
    gap_on_important,
    gap_on_unimportant,
    infidelity,
    insertion,
    likeness,
    mass_in_mask,
    pointing_game,
    recovery,
    sparseness,
    stability,
    sufficiency,
    under_fills,
)
from metaxai_lab.evaluation.admission import Judge, in_random_places
from metaxai_lab.evaluation.blanking_curves import Unit
from metaxai_lab.evaluation.fills import Fill
from metaxai_lab.explainers.influence import Target

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "faithfulness": (
        "deletion, rows",
        "deletion, mean",
        "deletion, minimum",
        "insertion, rows",
        "comprehensiveness",
        "sufficiency",
        "PGI",
        "PGU",
        "infidelity",
    ),
    "localisation": ("pointing game", "mass in mask", "recovery"),
    "stability": ("stability",),
    "sanity": ("sanity",),
    "complexity": ("sparseness", "entropy"),
    "agreement": ("error", "top k", "sign", "rank"),
}
FAMILY_OF: Mapping[str, str] = {judge: name for name, of in FAMILIES.items() for judge in of}


def judge_bench(
    model: Model,
    background: Float[Tensor, "background feature"],
    *,
    target: Target = 0,
    unit: Unit = "output",
    truth: Bool[Tensor, "row feature"] | None = None,
    exact: Attribution | None = None,
    explain: Explainer | None = None,
    twin: Model | None = None,
    n_draws: int = 5,
    seed: int = 0,
) -> dict[str, Judge]:
    """Return the judges that can be asked, by name, in the order of `FAMILIES`.

    A judge draws the same each time it is asked, so marks of two attributions are paired.

    Args:
        background: rows that absent columns are taken from.
        unit: "output" for a model with one output, "probability" for classes.
        truth: of each row, the columns that act; for judges of place.
        exact: exact values of the rows; for judges of agreement.
        explain: the method that is judged; for stability, and with `twin` for sanity.
        twin: the model with its weights drawn anew.
        n_draws: random orders, for chance.
    """
    found = _faithfulness(model, background, target, unit, n_draws, seed)
    if truth is not None:
        found |= _places(truth)
    if explain is not None:
        found |= _methods(explain, model, twin, background, target, seed)
    found |= {"sparseness": sparseness, "entropy": entropy}
    if exact is not None:
        for number, name in enumerate(FAMILIES["agreement"]):
            found[name] = partial(_agreement, exact=exact, number=number)
    return found


def _faithfulness(
    model: Model,
    background: Float[Tensor, "background feature"],
    target: Target,
    unit: Unit,
    n_draws: int,
    seed: int,
) -> dict[str, Judge]:
    fills = fills_of(background)
    knobs = {"target": target, "unit": unit, "n_draws": n_draws}

    def blanking(kind: Callable[..., Score], fill: str) -> Judge:
        def judge(attribution: Attribution) -> Score:
            ask = partial(kind, model, **knobs, generator=seeded(seed))
            return under_fills(ask, attribution, {fill: fills[fill]})[fill]

        return judge

    def against(kind: Callable[..., Score], **more: object) -> Judge:
        def judge(attribution: Attribution) -> Score:
            return kind(model, attribution, target=target, **more, generator=seeded(seed))

        return judge

    return {
        "deletion, rows": blanking(deletion, "rows"),
        "deletion, mean": blanking(deletion, "mean"),
        "deletion, minimum": blanking(deletion, "minimum"),
        "insertion, rows": blanking(insertion, "rows"),
        "comprehensiveness": blanking(comprehensiveness, "rows"),
        "sufficiency": blanking(sufficiency, "rows"),
        "PGI": against(gap_on_important, background=background, n_draws=n_draws),
        "PGU": against(gap_on_unimportant, background=background, n_draws=n_draws),
        "infidelity": _beside_random_places(
            model, fills["rows"][::2], target, min(n_draws, 3), seed
        ),
    }


def _beside_random_places(
    model: Model, fill: Fill, target: Target, n_draws: int, seed: int
) -> Judge:
    """Return infidelity whose chance is that of the same values in random places.

    Its own chance, zeros everywhere, is no chance: scaled, values in any place beat it, since more
    columns lose more.
    """

    def asked(attribution: Attribution) -> Score:
        ask = partial(infidelity, model, target=target, generator=seeded(seed))
        return under_fills(ask, attribution, {"rows": fill})["rows"]

    def judge(attribution: Attribution) -> Score:
        found, g = asked(attribution), seeded(seed)
        moved = [asked(in_random_places(attribution, g)).values for _ in range(n_draws)]
        return replace(found, chance=torch.stack(moved).mean(0))

    return judge


def _places(truth: Bool[Tensor, "row feature"]) -> dict[str, Judge]:
    return {
        "pointing game": lambda attribution: pointing_game(attribution, truth),
        "mass in mask": lambda attribution: mass_in_mask(attribution, truth),
        "recovery": lambda attribution: recovery(attribution.values.abs(), truth),
    }


def _methods(
    explain: Explainer,
    model: Model,
    twin: Model | None,
    background: Float[Tensor, "background feature"],
    target: Target,
    seed: int,
) -> dict[str, Judge]:
    radius = 0.1 * float(background.std(0).mean())

    def steady(attribution: Attribution) -> Score:
        knobs = {"target": target, "radius": radius, "generator": seeded(seed)}
        return stability(explain, model, attribution.inputs, **knobs)

    def unlike(attribution: Attribution) -> Score:
        other = explain(twin or model, attribution.inputs, target=target)
        alike = likeness(attribution, other, absolute=True)
        nothing = torch.zeros_like(alike.values)
        return Score("sanity", alike.values, nothing, False, alike.sensitive_to)

    return {"stability": steady} | ({} if twin is None else {"sanity": unlike})


def _agreement(attribution: Attribution, *, exact: Attribution, number: int) -> Score:
    return tuple(exact_agreement(attribution.values, exact.values))[number]
