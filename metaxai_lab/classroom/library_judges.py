"""Judges of Quantus and captum beside ours on the same explanations, and what their settings do.

Source: Hedström et al. (2023); Kokhlikyan et al. (2020). Chapter: book/judging/judges.ipynb.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from captum import metrics as captum_metrics
from torch import Tensor

from metaxai_lab.classroom.judges_study import rivals_of, truth_of
from metaxai_lab.classroom.shapley_study import Judged
from metaxai_lab.core import Attribution, Score, seeded
from metaxai_lab.evaluation import (
    ask_quantus,
    curve,
    entropy,
    mass_in_mask,
    pointing_game,
    recovery,
    sparseness,
    stability,
)
from metaxai_lab.explainers import Game, exact_shapley, gradient

RADIUS, N_NEAR = 0.1, 6


def quantus(case: Judged, judge: str, found: Attribution | None = None, **settings) -> Tensor:
    """Return the marks of a judge of Quantus for the exact values, or for others."""
    knobs = {"target": 0, "probabilities": False, "generator": seeded(0)}
    asked = case.exact if found is None else found
    return ask_quantus(judge, case.local.model, asked, **knobs, **settings).values


def differences(case: Judged) -> dict[str, tuple[str, float]]:
    """Return, for each judge that both have, its name there and the largest difference."""
    found, truth = case.exact, truth_of(case)
    place = {"truth": truth, "abs": True}
    recovered: Score = recovery(found.values.abs(), truth)
    pairs: dict[str, tuple[str, Tensor, Tensor]] = {
        "deletion": ("PixelFlipping", _deleted(case), _flipped(case)),
        "pointing game": (
            "PointingGame",
            pointing_game(found, truth).values,
            quantus(case, "PointingGame", **place),
        ),
        "mass in mask": (
            "RelevanceMassAccuracy",
            mass_in_mask(found, truth).values,
            quantus(case, "RelevanceMassAccuracy", **place),
        ),
        "recovery": ("AUC", recovered.values, quantus(case, "AUC", **place)),
        "sparseness": (
            "Sparseness",
            sparseness(found).values,
            quantus(case, "Sparseness", abs=True),
        ),
        "entropy": ("Complexity", entropy(found).values, quantus(case, "Complexity", abs=True)),
        "stability": ("MaxSensitivity", _moved(case), _sensitivity(case)),
        "stability, again": ("captum", _moved(case), _captum_sensitivity(case)),
    }
    return {
        name: (theirs, float((one - other).abs().max()))
        for name, (theirs, one, other) in pairs.items()
    }


def faithfulness_correlation(case: Judged, fill: float | str) -> dict[str, float]:
    """Return the mark of the exact values and of the slope, by Quantus under a fill."""
    knobs = {"nr_runs": 100, "subset_size": 3, "perturb_baseline": fill}
    ask = partial(quantus, case, "FaithfulnessCorrelation", **knobs)
    return {
        "exact": float(ask().mean()),
        "slope": float(ask(rivals_of(case)["slope"]).mean()),
    }


def captum_infidelity(case: Judged, found: Attribution) -> float:
    """Return captum's infidelity under small noise, which multiplies values with the noise."""
    draws = torch.randn(50, *case.rows.shape, generator=seeded(4)).to(case.rows) * RADIUS

    def noisy(x: Tensor) -> tuple[Tensor, Tensor]:
        noise = draws.transpose(0, 1).reshape(x.shape)
        return noise, x - noise

    marks = captum_metrics.infidelity(
        _output(case), noisy, case.rows, found.values, n_perturb_samples=50
    )
    return float(marks.mean())


def left_over(case: Judged) -> dict[str, float]:
    """Return the marks of Completeness in Quantus, baseline 0, for two kinds of exact values.

    Those against the background have another reference, so their sum must miss. Those against
    zeros add up; "gap" is the largest rest of theirs, and "offset" what the first miss at most.
    """
    model, rows = case.local.model, case.rows
    right = exact_shapley(Game(model, torch.zeros_like(rows[:1])), rows)
    ask = partial(quantus, case, "Completeness", perturb_baseline=0.0)
    return {
        "background": float(ask().mean()),
        "zeros": float(ask(right).mean()),
        "gap": float(right.gap.abs().max()),
        "offset": float((case.exact.reference - right.reference).abs().max()),
    }


def _output(case: Judged) -> Callable[[Tensor], Tensor]:
    return lambda rows: case.local.model(rows)[:, 0]


def _deleted(case: Judged) -> Tensor:
    n = case.rows.shape[-1]
    knobs = {"target": 0, "unit": "output", "n_steps": n, "generator": seeded(0)}
    return curve(case.local.model, case.exact, kind="deletion", **knobs).values[:, 1:]


def _flipped(case: Judged) -> Tensor:
    return quantus(case, "PixelFlipping", features_in_step=1, perturb_baseline=0.0)


def _near(case: Judged) -> Tensor:
    drawn = torch.rand(N_NEAR, *case.rows.shape, generator=seeded(4)).to(case.rows)
    return RADIUS * (2 * drawn - 1)


def _moved(case: Judged) -> Tensor:
    knobs = {"target": 0, "radius": RADIUS, "n_draws": N_NEAR, "generator": seeded(4)}
    return stability(gradient, case.local.model, case.rows, **knobs).values


def _sensitivity(case: Judged) -> Tensor:
    steps = iter(_near(case).cpu().numpy())
    found = gradient(case.local.model, case.rows, target=0)
    settings = {"nr_samples": N_NEAR, "perturb_func": lambda arr, **_: arr + next(steps)}
    return quantus(case, "MaxSensitivity", found, explain=gradient, **settings)


def _captum_sensitivity(case: Judged) -> Tensor:
    steps = _near(case).transpose(0, 1).flatten(0, 1)

    def explain(given: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        rows = given[0] if isinstance(given, tuple) else given  # it asks once with a tuple
        return (gradient(case.local.model, rows, target=0).values,)

    def near(rows: Tensor) -> Tensor:
        return rows + steps

    rows: Any = case.rows
    return captum_metrics.sensitivity_max(
        explain, rows, perturb_func=near, n_perturb_samples=N_NEAR
    )
