"""Gates in a family of tables they never met: do they still find the columns that matter?

Five families by code, unlike in what makes a task hard; one is left out, gates learn on the others
(transferred), or on other tasks of that family (at home), or not at all. Gates read tables of any
width. Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, at_scale, initialised_with, seeded
from metaxai_lab.evaluation import recovery
from metaxai_lab.learners import FeatureGates, Guided, meta_train_gates, scaled_errors
from metaxai_lab.tasks import PlantedFamily

N_SUPPORT, N_QUERY, BATCH = 20, 20, 16
FAMILIES: Mapping[str, PlantedFamily] = {
    "lines": PlantedFamily(10, 3, shared="pool", noise=0.3),
    "classes": PlantedFamily(10, 3, shared="pool", kind="classification", noise=0.3),
    "neighbours": PlantedFamily(10, 3, shared="pool", correlation=0.7, noise=0.3),
    "products": PlantedFamily(10, 3, shared="pool", interactions=((0, 1), (1, 2)), noise=0.3),
    "wide": PlantedFamily(20, 3, shared="pool", noise=0.6),
}


@dataclass(frozen=True)
class GateMarks:
    """Marks of gates in a family, one for each task.

    Args:
        error: mean squared error of the query rows, in parts of the target's variance.
        found: chance that a column that acts has a wider gate than one that does not; 0.5 is lot.
        faithful: how much of the answers the 3 widest columns carry, less that of 3 by lot.
        by_slope: `faithful`, for the order of the model's own slopes.
        by_correlation: `found`, for the order of correlations with the target.
    """

    error: Float[Tensor, " task"]
    found: Float[Tensor, " task"]
    faithful: Float[Tensor, " task"]
    by_slope: Float[Tensor, " task"]
    by_correlation: Float[Tensor, " task"]


def fresh_gates(seed: int) -> Guided:
    """Return gates that have learned nothing, with the regression that they guide."""
    with initialised_with(seeded(seed)):
        return Guided(FeatureGates(width=32, n_layers=1)).eval()


def train_gates(families: Sequence[PlantedFamily], *, seed: int) -> Guided:
    """Train gates on tasks of these families, one family a step, all equally likely."""
    learner = fresh_gates(seed)

    def draw(g: Generator) -> Episode:
        family = families[int(torch.randint(len(families), (), generator=g))]
        return family.draw(k_support=N_SUPPORT, n_query=N_QUERY, n_tasks=BATCH, generator=g)

    steps = at_scale(quick=150, full=1500)
    meta_train_gates(learner, draw, steps=steps, generator=seeded(100 + seed), device="cpu")
    return learner.eval()


def three_gates(left_out: str, *, seed: int) -> dict[str, Guided]:
    """Return the transferred gates, those at home, and untrained ones.

    Raises:
        ValueError: if there is no such family.
    """
    if left_out not in FAMILIES:
        raise ValueError(f"the families are {', '.join(FAMILIES)}; found {left_out!r}.")
    others = [family for name, family in FAMILIES.items() if name != left_out]
    return {
        "transferred": train_gates(others, seed=seed),
        "at home": train_gates([FAMILIES[left_out]], seed=seed),
        "untrained": fresh_gates(seed),
    }


def judge_gates(learner: Guided, family: PlantedFamily, *, n_tasks: int, seed: int) -> GateMarks:
    """Judge gates on new tasks of a family; one seed draws the same tasks for all learners."""
    g = seeded(20_000 + seed)
    tasks = family.draw(k_support=N_SUPPORT, n_query=2 * N_QUERY, n_tasks=n_tasks, generator=g)
    assert tasks.truth is not None
    x, y, acts = tasks.support.x, tasks.support.y.float(), tasks.truth[:, 0]
    with torch.no_grad():
        model = learner.adapt(tasks.support)
        error = scaled_errors(model(tasks.query.x), tasks)
    gates = model.gates.weights.detach()
    centred = x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True)
    together = (centred[0] * centred[1][..., None]).mean(1) / x.std(1)
    return GateMarks(
        error,
        recovery(gates, acts).values,
        carried(model.weights, tasks.query.x, gates, generator=seeded(seed)),
        carried(model.weights, tasks.query.x, model.weights.abs(), generator=seeded(seed)),
        recovery(together.abs(), acts).values,
    )


def carried(
    slopes: Float[Tensor, "task feature"],
    x: Float[Tensor, "task row feature"],
    order: Float[Tensor, "task feature"],
    *,
    generator: Generator,
    n_kept: int = 3,
    n_draws: int = 10,
) -> Float[Tensor, " task"]:
    """Return how much of a linear answer the highest columns carry, less columns by lot.

    The other columns are put at their mean over the rows. 1 is all of the answers' variance, and 0
    none; it falls below 0 where what is left says the opposite.

    Raises:
        ValueError: if `n_kept` is not a number of columns.
    """
    if not 1 <= n_kept <= slopes.shape[-1]:
        raise ValueError(f"n_kept counts columns, 1 to {slopes.shape[-1]}; found {n_kept}.")
    parts = slopes.detach()[:, None] * (x - x.mean(1, keepdim=True))
    size = parts.sum(-1).square().mean(1).clamp(min=1e-12)

    def share(values: Tensor) -> Tensor:
        kept = torch.zeros_like(values).scatter(-1, values.topk(n_kept).indices, 1.0)
        return 1 - (parts * (1 - kept[:, None])).sum(-1).square().mean(1) / size

    lots = torch.rand(n_draws, *order.shape, generator=generator)
    return share(order.detach()) - torch.stack([share(lot) for lot in lots]).mean(0)
