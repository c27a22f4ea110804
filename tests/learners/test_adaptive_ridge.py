"""Ridge with a penalty for each column: as the plain solve, for stacks, and with its gradient."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.learners.adaptive_ridge import adaptive_ridge, ridge_and_doubt


@pytest.fixture
def task():
    """Five tasks of 6 rows and 9 columns: x, y, gates, penalty, start."""
    draw = torch.randn(5, 6, 12, generator=seeded(0), dtype=torch.float64)
    gates, start = draw[:, 0, :9].sigmoid(), draw[:, 1, :9]
    return draw[..., :9], draw[..., 9], gates, draw[:, 0, 10].exp(), start


def plain(x, y, gates, penalty, start):
    """Solve for the weights themselves, one task at a time."""
    found = []
    for one in zip(x, y, gates, penalty, start, strict=True):
        rows, target, gate, price, held = one
        cost = torch.diag(price / gate)
        found.append(torch.linalg.solve(rows.mT @ rows + cost, rows.mT @ target + cost @ held))
    return torch.stack(found)


def test_it_agrees_with_the_plain_solve(task):
    x, y, gates, penalty, _ = task
    wanted = plain(*task[:4], torch.zeros_like(gates))
    torch.testing.assert_close(adaptive_ridge(x, y, gates, penalty), wanted)


def test_weights_are_held_at_their_start(task):
    torch.testing.assert_close(adaptive_ridge(*task), plain(*task))


def test_a_closed_gate_leaves_its_weight_at_the_start(task):
    x, y, gates, penalty, start = task
    gates[:, 3] = 0
    assert torch.equal(adaptive_ridge(x, y, gates, penalty, start)[:, 3], start[:, 3])


def test_one_penalty_serves_all_tasks(task):
    x, y, gates, _, start = task
    one = torch.tensor(2.0, dtype=torch.float64)
    wanted = plain(x, y, gates, one.expand(5), start)
    torch.testing.assert_close(adaptive_ridge(x, y, gates, one, start), wanted)


def test_its_gradient_is_that_of_its_values(task):
    inputs = [part[:2].clone().requires_grad_() for part in task]
    assert torch.autograd.gradcheck(adaptive_ridge, inputs)


def test_tasks_may_have_two_axes_or_none(task):
    alone = adaptive_ridge(*(part[0] for part in task))
    twice = adaptive_ridge(*(part.expand(2, *part.shape) for part in task))
    torch.testing.assert_close(twice[1, 0], alone)


def test_doubt_is_the_share_of_variance_that_the_rows_leave(task):
    x, y, gates, penalty, _ = task
    weights, doubt = ridge_and_doubt(x, y, gates, penalty)
    torch.testing.assert_close(weights, adaptive_ridge(x, y, gates, penalty))
    for i in range(5):
        after = torch.linalg.inv(x[i].mT @ x[i] / penalty[i] + torch.diag(1 / gates[i]))
        torch.testing.assert_close(doubt[i], after.diagonal() / gates[i])


def test_under_autocast_the_system_is_solved_in_full(task):
    single = [part.float() for part in task]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = adaptive_ridge(*single), *ridge_and_doubt(*single[:4])
    wanted = adaptive_ridge(*single), *ridge_and_doubt(*single[:4])
    assert all(torch.equal(one, other) for one, other in zip(found, wanted, strict=True))
