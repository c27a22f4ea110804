"""How many shots and steps a new task takes: the experiment of a chapter, one code at both scales.

Waves differ in height and place; planted tables share which three of their many columns act. On
both, what was learned across tasks stands beside nets that learn each task alone.
Source: Finn, Abbeel & Levine (2017), section 5.1, for the waves; Li, Zhou, Chen & Li (2017) for
learned step sizes. Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import inf

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.hidden_columns import SHARED, HiddenColumns
from metaxai_lab.classroom.linear_baselines import Fit, lasso, linear_errors, ridge, tune_penalty
from metaxai_lab.core import (
    Episode,
    MetaLearner,
    Model,
    at_scale,
    initialised_with,
    seeded,
)
from metaxai_lab.learners import (
    Maml,
    Mlp,
    Pooled,
    UpdateRule,
    meta_train,
    pooled_loss,
    task_loss,
    task_losses,
)
from metaxai_lab.tasks import draw_waves

N_AT_ONCE = 25  # tasks of a step of the outer loop
PENALTIES: dict[Fit, Sequence[float]] = {lasso: (0.01, 0.03, 0.06), ridge: (0.1, 1.0, 10.0)}


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    wave_steps: int  # of outer training on waves
    rate_steps: int  # of outer training on tables
    n_tuned: int  # validation tasks, which baselines choose their settings on
    n_judged: int  # unseen tasks


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(300, 200, 20, 150), full=Plan(10_000, 1000, 200, 1000))


def wave_net() -> Mlp:
    """Return a fresh net of two hidden layers of 40."""
    return Mlp(1, (40, 40), 1)


def some_waves(n_tasks: int, *, seed: int, k_shot: int = 10, n_query: int = 50) -> Episode:
    """Draw waves with `k_shot` points to learn from."""
    return draw_waves(
        k_support=k_shot, n_query=n_query, n_tasks=n_tasks, generator=seeded(1000 + seed)
    )


def train_start(seed: int, plan: Plan) -> Maml:
    """Train a start for waves of ten points, three steps of gradient descent away from each."""
    with initialised_with(seeded(seed)):
        learner = Maml(wave_net(), inner_lr=0.01, inner_steps=3)
    _across(learner, _ten_points, task_loss, steps=plan.wave_steps, outer_lr=0.01, seed=seed)
    return learner


def train_pool(seed: int, plan: Plan) -> Pooled:
    """Train one net on the points of as many waves, as if they were one."""
    with initialised_with(seeded(seed)):
        learner = Pooled(wave_net())
    _across(learner, _ten_points, pooled_loss, steps=plan.wave_steps, outer_lr=0.005, seed=seed)
    return learner


def linear_net(n_columns: int, *, trained: bool) -> Mlp:
    """Return a linear model of the columns that begins at zero, and stays there if not trained."""
    net = Mlp(n_columns, (), 1)
    for weight in net.parameters():
        torch.nn.init.zeros_(weight)
    return net.requires_grad_(trained)


def untrained_rates(tables: HiddenColumns = SHARED) -> UpdateRule:
    """Return the update rule that `train_rates` begins with: one step size for all."""
    net = linear_net(tables.n_columns, trained=False)
    return UpdateRule(net, "step sizes", inner_lr=0.02, inner_steps=20)


def train_rates(
    seed: int, plan: Plan, tables: HiddenColumns = SHARED, *, shots: tuple[int, int] = (2, 6)
) -> UpdateRule:
    """Train a step size for each column, and nothing else, on tasks with so many shots."""
    learner = untrained_rates(tables)
    draw = partial(_rows, tables=tables, shots=shots)
    _across(learner, draw, calm_loss, steps=plan.rate_steps, outer_lr=0.01, seed=seed)
    return learner


def train_linear_start(seed: int, plan: Plan) -> Maml:
    """Train where a linear model begins, with one step size for all columns that stays."""
    net = linear_net(SHARED.n_columns, trained=True)
    learner = Maml(net, inner_lr=0.02, inner_steps=20)
    draw = partial(_rows, tables=SHARED, shots=(2, 6))
    _across(learner, draw, calm_loss, steps=plan.rate_steps // 2, outer_lr=0.01, seed=seed)
    return learner


def rates_of(rule: UpdateRule) -> Float[Tensor, " column"]:
    """Return the step size of each column's weight."""
    return rule.rule.rates[0].detach()[0]


def calm_loss(learner: MetaLearner, episode: Episode) -> Float[Tensor, ""]:
    """Return the mean of log(1 + error): one unlucky task cannot drown the others."""
    outputs = learner.adapt(episode.support)(episode.query.x)
    return task_losses(outputs, episode.query.y).log1p().mean()


def error(model: Model, episode: Episode) -> float:
    """Return the mean squared error on the query rows, mean over the tasks."""
    with torch.no_grad():
        return float(task_losses(model(episode.query.x), episode.query.y).mean())


def learned_curve(
    learner: MetaLearner,
    shots: Sequence[int],
    tables: HiddenColumns = SHARED,
    *,
    seed: int,
    plan: Plan,
) -> dict[int, float]:
    """Return the error on unseen tables after so many shots."""
    found = {}
    for k in shots:
        judged = tables.unseen(plan.n_judged, k_shot=k, seed=seed)
        with torch.no_grad():
            found[k] = error(learner.adapt(judged.support), judged)
    return found


def tuned_curve(
    fit: Fit, shots: Sequence[int], tables: HiddenColumns = SHARED, *, seed: int, plan: Plan
) -> dict[int, float]:
    """Return the same for a fit that tunes its penalty, for each number of shots by itself."""
    penalties, found = PENALTIES[fit], {}
    for k in shots:
        tried = tables.unseen(plan.n_tuned, k_shot=k, seed=500 + seed)
        judged = tables.unseen(plan.n_judged, k_shot=k, seed=seed)
        penalty = tune_penalty(fit, tried, penalties)
        found[k] = float(linear_errors(fit(judged.support, penalty), judged.query).mean())
    return found


def first_below(target: float, curve: Mapping[int, float]) -> float:
    """Return after how many shots, or steps, an error first falls to `target`; inf if never.

    Between two measured numbers the error is taken to fall in a straight line.
    """
    points = sorted(curve.items())
    if points[0][1] <= target:
        return float(points[0][0])
    for (k, high), (more, low) in pairwise(points):
        if low <= target:
            return k + (more - k) * (high - target) / (high - low)
    return inf


def _rows(generator: Generator, *, tables: HiddenColumns, shots: tuple[int, int]) -> Episode:
    """Draw tables whose number of rows lies between two bounds."""
    k = int(torch.randint(shots[0], shots[1] + 1, (), generator=generator))
    return tables.draw(N_AT_ONCE, k_shot=k, n_query=10, generator=generator)


def _ten_points(generator: Generator) -> Episode:
    return draw_waves(k_support=10, n_query=10, n_tasks=N_AT_ONCE, generator=generator)


def _across(learner, draw, loss, *, seed: int, **how) -> None:
    how |= {"clip": 1.0, "device": "cpu", "progress": False}
    meta_train(learner, draw, loss, generator=seeded(100 + seed), **how)
