"""What the judges are asked about: stacks of models with their exact Shapley values, in six kinds.

Planted formulas with and without products, over columns that are independent or correlated, with
the same draws otherwise; networks trained on rows of the last kind; and random trees. All tables
are moved so that the mean of the background is 0: a blank row is the mean, for methods and judges.
Chapter: book/judging/when_judges_disagree.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.func import stack_module_state

from metaxai_lab.core import Attribution, Episode, Model, initialised_with, seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.learners.base_nets import Mlp
from metaxai_lab.tasks.planted import PlantedFamily
from metaxai_lab.tasks.planted_tasks import PlantedTasks
from metaxai_lab.tasks.random_models import random_models

Rows = Float[Tensor, "task row feature"]
Background = Float[Tensor, "task background feature"]
N_FEATURES, N_RELEVANT = 8, 5
PAIRS = ((0, 1), (2, 3), (1, 4))
KINDS = (
    "additive",
    "additive, correlated",
    "products",
    "products, correlated",
    "networks",
    "trees",
)


@dataclass(frozen=True)
class Kind:
    """A stack of models of one kind, with rows, a background of mean 0 and the exact values."""

    name: str
    model: Model
    background: Background
    exact: Attribution

    @property
    def rows(self) -> Rows:
        """The rows that are explained."""
        return self.exact.inputs

    @property
    def n_tasks(self) -> int:
        """How many models there are."""
        return len(self.background)


def kind_of(
    name: str, *, n_tasks: int, n_rows: int = 16, n_background: int = 24, seed: int = 0
) -> Kind:
    """Draw the models of one of `KINDS`, and ask for every coalition of their rows.

    Raises:
        ValueError: if there is no such kind.
    """
    if name not in KINDS:
        raise ValueError(f"the kinds of models are {'; '.join(KINDS)}; found {name!r}.")
    if name == "trees":
        g = seeded(1000 + seed)
        trees = random_models("trees", n_models=n_tasks, n_features=N_FEATURES, generator=g)
        return _of(name, _flat(trees), trees.rows[:, :n_rows], trees.rows[:, -n_background:])
    tasks, table = _planted(name, n_tasks, n_rows + n_background, seed)
    model = tasks.model() if name != "networks" else _trained(table.support.x, table.support.y)
    rows, background = table.query.x.split([n_rows, n_background], 1)
    return _of(name, model, rows, background)


def off_formula(kind: Kind, *, seed: int = 0) -> float:
    """Return how far the exact values of a planted kind, drawn from 0, are from a formula's.

    Args:
        seed: of the formula; 0 is the kind's own.
    """
    n_rows, n_background = kind.rows.shape[1], kind.background.shape[1]
    _, table = _planted(kind.name, kind.n_tasks, n_rows + n_background, 0)
    tasks, _ = _planted(kind.name, kind.n_tasks, n_rows + n_background, seed)
    rows, background = table.query.x.split([n_rows, n_background], 1)
    return float((tasks.shapley(rows, background).values - kind.exact.values).abs().max())


def _planted(name: str, n_tasks: int, n_query: int, seed: int) -> tuple[PlantedTasks, Episode]:
    """Draw the formulas of a kind, and rows of each."""
    family = PlantedFamily(
        n_features=N_FEATURES,
        n_relevant=N_RELEVANT,
        shared="pool",
        interactions=() if name.startswith("additive") else PAIRS,
        correlation=0.0 if name in ("additive", "products") else 0.9,
        correlated="ar1",
        noise=0.0,
    )
    g = seeded(seed)
    tasks = family.tasks(n_tasks, generator=g)
    return tasks, tasks.draw(k_support=256, n_query=n_query, generator=g)


def moved(model: Model, by: Float[Tensor, "task row feature"]) -> Model:
    """Return the model of rows that lie `by` nearer to 0.

    Args:
        by: one for all rows of a task, or one for each; copies of the rows come end to end.
    """

    def output(x: Float[Tensor, "task more feature"]) -> Float[Tensor, "task more output"]:
        copies = x.unflatten(1, (-1, by.shape[1])) + by.to(x)[:, None]
        return model(copies.flatten(1, 2))

    return output


def _of(name: str, model: Model, rows: Rows, background: Background) -> Kind:
    centre = background.mean(1, keepdim=True)
    model, rows, background = moved(model, centre), rows - centre, background - centre
    return Kind(name, model, background, exact_shapley(Game(model, background), rows))


def _flat(model: Callable[[Rows], Tensor]) -> Model:
    """Return the model with slopes that are 0 everywhere, where it has none to give."""
    return lambda x: model(x) + 0 * x.sum(-1, keepdim=True)


def _trained(x: Rows, y: Float[Tensor, "task row"], *, steps: int = 300, width: int = 32) -> Model:
    """Train a network for each task, all in one batch."""
    with initialised_with(seeded(2)):
        nets = [Mlp(x.shape[-1], (width, width)) for _ in x]
    weights, _ = stack_module_state(nets)
    optimiser = torch.optim.Adam(weights.values(), 1e-2, fused=True)
    for _ in range(steps):
        optimiser.zero_grad()
        missed = nets[0].side_by_side(weights, x)[..., 0] - y
        missed.square().mean((1,)).sum().backward()
        optimiser.step()
    kept = {name: value.detach() for name, value in weights.items()}
    return lambda rows: nets[0].side_by_side(kept, rows)
