"""What can a gate that sees one row learn? The experiment of a chapter, one code at both scales.

Tables of eight columns of which two act: the same two in all tasks, or two of a task's own; and a
family in which a column says which other columns act in its row.
Chapter: book/importance/gates.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import Episode, Examples, Model, at_scale, initialised_with, seeded
from metaxai_lab.evaluation import recovery
from metaxai_lab.learners import Pooled, meta_train, pooled_loss, task_loss
from metaxai_lab.learners.feature_gates import FeatureGates
from metaxai_lab.learners.gated_training import meta_train_gates
from metaxai_lab.learners.guided import Guided
from metaxai_lab.learners.row_gates import RowGated, RowGatedLearner
from metaxai_lab.tasks import PlantedFamily

N_FEATURES, N_RELEVANT, N_SUPPORT = 8, 2, 20
SHARED = PlantedFamily(N_FEATURES, N_RELEVANT)  # the same two columns, weights of a task's own
OWN = PlantedFamily(N_FEATURES, N_RELEVANT, shared="pool")  # two columns of a task's own
ALIKE = PlantedFamily(N_FEATURES, N_RELEVANT, likeness=1.0)  # in truth one task, many times


@dataclass(frozen=True)
class Switching:
    """Column 0 says which columns act: 1 to 3 in rows where it is positive, else 4 to 6.

    Each task has weights of its own; column 7 never acts. The truth leaves out column 0.
    """

    noise: float = 0.1

    def draw(self, *, k_support: int, n_query: int, n_tasks: int, generator: Generator) -> Episode:
        """Draw stacked tasks; a target has a variance of about 1."""
        n_rows = k_support + n_query
        x = torch.randn(n_tasks, n_rows, N_FEATURES, generator=generator)
        sign = 2.0 * torch.randint(2, (n_tasks, 1, N_FEATURES), generator=generator) - 1
        size = 0.5 + torch.rand(n_tasks, 1, N_FEATURES, generator=generator)
        acts = acting(x)
        y = (sign * size * x * acts).sum(-1) / (3 * 13 / 12) ** 0.5
        y = y + self.noise * torch.randn(n_tasks, n_rows, generator=generator)
        support, query = Examples(x[:, :k_support], y[:, :k_support]), x[:, k_support:]
        return Episode(support, Examples(query, y[:, k_support:]), acts[:, k_support:])


def acting(x: Float[Tensor, "*any feature"]) -> Bool[Tensor, "*any feature"]:
    """Return the columns that act in each row of the switching family."""
    place = torch.arange(x.shape[-1], device=x.device)
    first, second = (place >= 1) & (place <= 3), (place >= 4) & (place <= 6)
    return torch.where(x[..., :1] > 0, first, second)


SWITCHING = Switching()
Family: TypeAlias = PlantedFamily | Switching


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    steps: int
    n_tasks: int  # in a step
    n_judged: int
    gate_steps: int  # of gates that read the support


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(200, 16, 200, 120), full=Plan(400, 64, 1000, 600))


def untrained(seed: int) -> RowGated:
    """Return the printed model with random weights; every gate begins near one half."""
    with initialised_with(seeded(seed)):
        return RowGated(N_FEATURES)


def prejudiced(seed: int) -> RowGated:
    """Return it with gates that begin nearly closed where `SHARED` acts, and open elsewhere."""
    net = untrained(seed)
    acts = SHARED.tasks(1, generator=seeded(0)).relevant[0]
    with torch.no_grad():
        net.meta.dense.bias.copy_(torch.where(acts, -2.0, 2.0))
    return net


def rowless(seed: int) -> RowGated:
    """Return it with gates that learn and do not see the row: one number for each column."""
    net = untrained(seed)
    nn.init.zeros_(net.meta.dense.weight.requires_grad_(False))
    return net


def train_in_one_pot(net: RowGated, family: Family, *, seed: int) -> Pooled:
    """Train gates and base learner on the rows of all tasks, as if they were one task."""
    learner = Pooled(net)
    _fit(learner, family, pooled_loss, seed=seed)
    return learner


def train_in_two_loops(
    net: RowGated,
    family: Family,
    *,
    seed: int,
    sparing: float = 0.0,
    decay: float = 0.0,
    longer: int = 1,
    watch: Callable[[int, RowGated], None] | None = None,
) -> RowGatedLearner:
    """Train so that the base learner adapts to a task, and gates and its start to all tasks.

    Args:
        sparing: what a gate costs, per mean gate of the query rows.
        decay: of all weights, so that no column can grow in place of its gate.
        longer: how many times as many steps as the plan says.
        watch: is called with the number of steps made and the net, before the first step too.
    """
    learner = RowGatedLearner(net)
    told = None if watch is None else lambda step, _: watch(step, net)
    if watch is not None:
        watch(0, net)

    def loss(learner: RowGatedLearner, episode: Episode) -> Tensor:
        return task_loss(learner, episode) + sparing * learner.net.meta(episode.query.x).mean()

    _fit(learner, family, loss, seed=seed, weight_decay=decay, on_step=told, longer=longer)
    return learner


def train_support_gates(seed: int) -> Guided:
    """Train gates that read all support rows of a task, on the family where columns are its own."""
    with initialised_with(seeded(seed)):
        learner = Guided(FeatureGates(width=32, n_layers=1))
    meta_train_gates(
        learner,
        lambda g: _draw(OWN, g),
        steps=plan().gate_steps,
        generator=seeded(100 + seed),
        device="cpu",
    )
    return learner


def unseen(family: Family, *, seed: int, n_query: int = 50) -> Episode:
    """Draw tasks to be judged on."""
    n_tasks, generator = plan().n_judged, seeded(2000 + seed)
    return family.draw(k_support=N_SUPPORT, n_query=n_query, n_tasks=n_tasks, generator=generator)


def error(model: Model, tasks: Episode) -> float:
    """Return the mean squared error on query rows; always to answer 0 costs about 1."""
    with torch.no_grad():
        return float((model(tasks.query.x)[..., 0] - tasks.query.y).square().mean())


def found(values: Float[Tensor, "task row feature"], tasks: Episode) -> float:
    """Return how well the mean of each column over rows finds the relevant ones; chance is 0.5."""
    assert tasks.truth is not None
    return recovery(values.detach().mean(1), tasks.truth[:, 0]).mean


def slopes(model: Model, x: Float[Tensor, "*tasks row feature"]) -> Tensor:
    """Return how steeply the output of each row rises or falls along each column, without sign."""
    with torch.enable_grad():
        rows = x.clone().requires_grad_()
        return torch.autograd.grad(model(rows).sum(), rows)[0].abs()


def _draw(family: Family, generator: Generator) -> Episode:
    n_tasks = plan().n_tasks
    return family.draw(k_support=N_SUPPORT, n_query=20, n_tasks=n_tasks, generator=generator)


def _fit(learner, family: Family, loss, *, seed: int, longer: int = 1, **how) -> None:
    how |= {"outer_lr": 0.02, "clip": 1.0, "device": "cpu", "progress": False}
    generator = seeded(100 + seed)
    how |= {"steps": longer * plan().steps, "generator": generator}
    meta_train(learner, lambda g: _draw(family, g), loss, **how)
