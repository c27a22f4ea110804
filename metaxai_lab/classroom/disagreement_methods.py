"""Ten methods that explain the models of a kind, from exact values to their reverse.

Chapter: book/judging/when_judges_disagree.ipynb.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.disagreement_tasks import Kind
from metaxai_lab.core import Attribution, Explainer, Model, seeded
from metaxai_lab.explainers import (
    Game,
    exact_shapley,
    gradient,
    gradient_times_input,
    integrated_gradients,
    kernel_shap,
    lime,
    permutation_shapley,
)
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import explained


def explainers_of(kind: Kind, *, seed: int = 0) -> dict[str, Explainer]:
    """Return ten methods, from exact values to their reverse, with all knobs bound."""
    n, exact = kind.rows.shape[-1], _exact_of(kind)

    def game(estimate: Callable[..., Attribution], **knobs: object) -> Explainer:
        return lambda model, x, *, target: estimate(
            Game(model, kind.background, target=target), x, **knobs
        )

    def drawn(explain: Callable[..., Attribution], **knobs: object) -> Explainer:
        return lambda model, x, *, target: explain(
            model, x, target=target, generator=seeded(10 + seed), **knobs
        )

    return {
        "exact": exact,
        "KernelSHAP": game(kernel_shap, n_queries=2 * n, generator=seeded(11 + seed)),
        "permutation": game(permutation_shapley, n_queries=2 * n, generator=seeded(12 + seed)),
        "LIME": drawn(lime, background=kind.background, n_samples=200),
        "IG": partial(integrated_gradients, n_steps=16),
        "gradient x input": gradient_times_input,
        "occlusion": occlusion_of_columns,
        "gradient": gradient,
        "random": partial(at_random, kind, generator=seeded(13 + seed)),
        "reversed": partial(turned, exact),
    }


def occlusion_of_columns(
    model: Model, x: Float[Tensor, "task row feature"], *, target: Target
) -> Attribution:
    """Give each column what the output loses when this column alone is 0, the mean."""
    n, output = x.shape[-1], explained(model, target)
    keep = ~torch.eye(n, device=x.device).bool()
    without = torch.where(keep, x[:, :, None], 0.0).flatten(1, 2)
    with torch.no_grad():
        said, nothing = (output(rows) for rows in (x, torch.zeros_like(x)))
        left = output(without).unflatten(1, (-1, n))
    return Attribution(said[..., None] - left, x, said, nothing)


def at_random(
    kind: Kind,
    model: Model,
    x: Float[Tensor, "task row feature"],
    *,
    target: Target,
    generator: Generator,
) -> Attribution:
    """Give each column a number drawn at random, as large as exact values are."""
    noise = torch.randn(x.shape, generator=generator).to(x)
    with torch.no_grad():
        said = explained(model, target)(x)
    return Attribution(noise * kind.exact.values.std(), x, said, torch.zeros_like(said))


def turned(
    exact: Explainer, model: Model, x: Float[Tensor, "task row feature"], *, target: Target
) -> Attribution:
    """Give the exact values with their signs turned."""
    found = exact(model, x, target=target)
    return replace(found, values=-found.values)


def _exact_of(kind: Kind) -> Explainer:
    """Return exact values, not asked for again where model and rows are those of the last call."""
    last = kind.model, kind.exact

    def explain(
        model: Model, x: Float[Tensor, "task row feature"], *, target: Target
    ) -> Attribution:
        nonlocal last
        if model is not last[0] or not torch.equal(x, last[1].inputs):
            last = model, exact_shapley(Game(model, kind.background, target=target), x)
        return last[1]

    return explain
