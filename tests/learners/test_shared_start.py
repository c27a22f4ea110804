"""The shared start: its two ends are pooled and own, and training pays where tasks resemble."""

import pytest
import torch

from metaxai_lab.classroom.linear_baselines import ridge
from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import FeatureGates, SharedStart, meta_train_start, start_loss

START = torch.tensor([1.0, -1.0, 0.5, 2.0], dtype=torch.float64)


def made(start=START):
    with initialised_with(seeded(0)):
        learner = SharedStart(FeatureGates(n_features=3, width=16, n_layers=1), start)
    return learner.double()


def even(learner):
    """Let the gates say one half of every column."""
    for weight in (learner.read.open.weight, learner.read.open.bias):
        torch.nn.init.zeros_(weight)
    return learner


@pytest.fixture
def support():
    x = torch.randn(5, 12, 3, generator=seeded(1), dtype=torch.float64)
    return Examples(x, torch.randn(5, 12, generator=seeded(2), dtype=torch.float64))


def test_it_is_a_meta_learner_of_one_task_and_of_a_stack(support):
    learner = made()
    assert isinstance(learner, MetaLearner)
    alone = learner.adapt(Examples(support.x[2], support.y[2]))(support.x[0])
    assert torch.allclose(learner.adapt(support)(support.x[:1].expand(5, -1, -1))[2], alone)


def test_without_freedom_it_stays_at_the_start(support):
    learner = even(made())
    torch.nn.init.constant_(learner.log_freedom, -2)
    model = learner.adapt(support)
    assert torch.allclose(model.weights, START[:3].expand(5, 3), atol=1e-12)
    assert torch.allclose(model.intercept, START[3].expand(5), atol=1e-12)


def test_where_the_rows_ask_for_half_the_start_its_strength_falls_by_half():
    x = torch.randn(4, 400, 3, generator=seeded(1), dtype=torch.float64)
    said = x @ START[:3] + START[3]
    learner = even(made())
    wanted = torch.tensor([1e-9, 1e-9, 1e-9, 90.0, 1e-9], dtype=torch.float64).log()
    learner.log_freedom.data = (wanted - learner.freedom.detach().log()) / 30
    model = learner.adapt(Examples(x, 0.5 * said))
    assert torch.allclose(model.weights, 0.5 * START[:3].expand(4, 3), atol=1e-4)
    assert torch.allclose(model.intercept, 0.5 * START[3].expand(4), atol=1e-4)


def test_the_line_that_it_gives_is_its_start_and_its_departure(support):
    learner = made()
    said = support.x @ START[:3] + START[3]
    moved = learner.depart(support, said)
    assert torch.allclose(learner.adapt(support)(support.x)[..., 0], moved(support.x, said))
    assert not torch.allclose(moved(support.x, said), said, atol=1e-2)


def test_the_start_that_a_task_is_trained_from_is_the_one_in_its_last_column(support):
    def told(start):
        said = support.x @ start[:3] + start[3]
        rows = Examples(torch.cat([support.x, said[..., None]], -1), support.y)
        return float(start_loss(made(), Episode(rows, rows)).detach())

    own = made()
    model = own.adapt(support)
    error = (model(support.x)[..., 0] - support.y).square().mean()
    wanted = error + 0.01 * model.logits.square().mean()
    assert told(START) == pytest.approx(float(wanted.detach()), rel=1e-9)
    assert told(START) != pytest.approx(told(2 * START), rel=1e-3)


def test_with_one_freedom_and_a_start_at_nought_it_is_ridge_on_the_task_alone(support):
    learner = even(made(torch.zeros(4, dtype=torch.float64)))
    wanted = torch.full((5,), 0.25, dtype=torch.float64).log()
    learner.log_freedom.data = (wanted - learner.freedom.detach().log()) / 30
    x = torch.cat([support.x, torch.ones_like(support.x[..., :1])], -1)
    model = learner.adapt(support)
    found = torch.cat([model.weights, model.intercept[:, None]], -1)
    assert torch.allclose(found, ridge(Examples(x, support.y), 4.0), atol=1e-9)


@pytest.mark.parametrize("constant", [0.0, 3.0])
def test_a_column_that_is_constant_in_the_support_moves_with_the_start_only(support, constant):
    x = support.x.clone()
    x[..., 1] = constant
    learner = made()
    model = learner.adapt(Examples(x, support.y))
    strength = learner.depart(Examples(x, support.y), x @ START[:3] + START[3]).strength
    assert torch.equal(model.gates[:, 1], torch.full((5,), 0.5, dtype=torch.float64))
    assert torch.allclose(model.weights[:, 1], (1 + strength) * START[1], atol=1e-12)
    assert bool((model.intercept != START[3]).all())


def test_gates_that_round_to_one_leave_the_loss_and_its_gradient_finite(support):
    learner = made().float()
    torch.nn.init.constant_(learner.read.open.bias, 40)
    x = support.x.float()
    assert bool((learner.adapt(Examples(x, support.y.float())).gates == 1).all())
    rows = Examples(torch.cat([x, x[..., :1]], -1), support.y.float())
    loss = start_loss(learner, Episode(rows, rows))
    loss.backward()
    assert bool(loss.isfinite())
    assert bool(learner.read.open.bias.grad.isfinite().all())


def test_in_32_bits_the_largest_freedom_still_solves_for_the_weights():
    x = torch.randn(20, 40, 3, generator=seeded(1), dtype=torch.float64)
    y = torch.randn(20, 40, generator=seeded(2), dtype=torch.float64)
    learner = even(made())
    torch.nn.init.constant_(learner.log_freedom, 1)
    wanted = learner.adapt(Examples(x, y)).weights
    found = learner.float().adapt(Examples(x.float(), y.float())).weights
    assert torch.allclose(found.double(), wanted, atol=2e-3)


def test_a_support_of_one_class_moves_the_level_and_stays_finite(support):
    model = made().adapt(Examples(support.x, torch.ones_like(support.y).long()))
    assert bool(model(support.x).isfinite().all())


def test_a_cell_that_is_no_number_is_named(support):
    x = support.x.clone()
    x[3, 7, 1] = float("nan")
    with pytest.raises(ValueError, match="task 3, row 7, column 1 holds nan"):
        made().adapt(Examples(x, support.y))


def test_more_columns_than_in_training_are_refused(support):
    wide = torch.cat([support.x, support.x], -1)
    with pytest.raises(ValueError, match="these gates know 3 columns"):
        made().adapt(Examples(wide, support.y))


def test_training_frees_the_column_that_differs_between_tasks():
    def draw(generator):
        x = torch.randn(32, 30, 3, generator=generator)
        own = torch.randn(32, 1, generator=generator)
        y = x[..., 0] + own * x[..., 1] + 0.3 * torch.randn(32, 30, generator=generator)
        x = torch.cat([x, x[..., :1]], -1)  # the start says the first column
        return Episode(Examples(x[:, :10], y[:, :10]), Examples(x[:, 10:], y[:, 10:]))

    with initialised_with(seeded(0)):
        gates = FeatureGates(n_features=3, width=16, n_layers=1)
        learner = SharedStart(gates, torch.tensor([1.0, 0.0, 0.0, 0.0]))
    before = float(start_loss(learner, draw(seeded(9))).detach())
    meta_train_start(learner, draw, steps=60, generator=seeded(3), device="cpu")
    assert float(start_loss(learner, draw(seeded(9))).detach()) < 0.6 * before
    assert learner.freedom[1] > 10 * learner.freedom[[0, 2]].max()
    assert learner.freedom[1] > 10 * learner.freedom[3]
