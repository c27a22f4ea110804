import math

import pytest
import torch

from metaxai_lab.classroom.questions_study import (
    COUNTS,
    NOISE,
    POOLS,
    acts,
    adapted,
    curve,
    family,
    freedoms,
    tasks_until,
)
from metaxai_lab.core import seeded


@pytest.mark.parametrize("pool", POOLS)
def test_as_many_columns_act_as_the_pool_holds(pool):
    assert int(acts(pool).sum()) == POOLS[pool]


def test_a_task_has_three_columns_that_act():
    assert (family("six").tasks(20, generator=seeded(0)).relevant.sum(1) == 3).all()


def test_columns_that_act_are_freer():
    found, where = freedoms("three", seed=0)[256], acts("three")
    assert found[where].min() > 10 * found[~where].max()


def test_equal_freedoms_are_ridge_by_hand():
    support = family("six").draw(k_support=10, n_query=1, n_tasks=2, generator=seeded(0)).support
    x, y = support.x.double(), support.y.double()
    by_hand = torch.linalg.solve(x.mT @ x + NOISE**2 / 0.5 * torch.eye(20), x.mT @ y[..., None])
    torch.testing.assert_close(
        adapted(support, torch.full((20,), 0.5)), by_hand[..., 0].float(), rtol=1e-2, atol=1e-3
    )


def test_a_column_without_freedom_stays_at_nought():
    support = family("six").draw(k_support=10, n_query=1, n_tasks=2, generator=seeded(0)).support
    freedom = torch.ones(20)
    freedom[4] = 0.0
    assert (adapted(support, freedom)[:, 4] == 0).all()


@pytest.mark.parametrize(
    ("errors", "until"),
    [
        ({1: 2.0, 2: 0.4, 4: 0.3}, 2.0),
        ({1: 0.4, 2: 0.6, 4: 0.3}, 4.0),  # one that comes back does not count
        ({1: 0.5, 2: 0.4}, 1.0),
        ({1: 2.0, 2: 0.6}, math.inf),
    ],
)
def test_the_least_count_from_which_the_error_stays_low(errors, until):
    assert tasks_until(errors, 0.5) == until


def test_the_same_seed_gives_the_same_curve_and_shared_columns_are_learned_at_once():
    first = curve("three", seed=0)
    assert first == curve("three", seed=0)
    assert tuple(first) == COUNTS
    assert tasks_until(first, 0.5) <= 2
    assert tasks_until(curve("all twenty", seed=0), 0.5) == math.inf
