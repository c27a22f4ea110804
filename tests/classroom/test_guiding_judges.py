"""Tasks that put a guided learner to the test, and what judges say of a model that is known."""

import pytest
import torch

from metaxai_lab.classroom import guiding_judges as judges
from metaxai_lab.classroom import guiding_study as study
from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.evaluation import coverage
from metaxai_lab.learners import FeatureGates, Gates, Guided, LinearModel


@pytest.fixture
def true_model():
    """No mistake but noise: the true weights of 200 unseen tasks."""
    tasks = study.SHARED.tasks(study.plan().n_judged, generator=seeded(9000))
    return LinearModel(tasks.weights, torch.zeros(len(tasks.weights)))


def test_columns_that_moved_take_their_truth_along():
    judged = study.unseen(n_tasks=4)
    moved = judges.elsewhere(judged)
    assert torch.equal(study.relevant(moved).roll(-4, -1), study.relevant(judged))
    assert not torch.equal(study.relevant(moved), study.relevant(judged))
    assert torch.equal(moved.query.x.roll(-4, -1), judged.query.x)


def test_a_column_that_fades_takes_its_own_part_from_the_targets():
    (whole, gone), column = judges.faded((1.0, 0.0), n_tasks=5)
    lost = whole.query.y - gone.query.y
    values = whole.query.x.gather(2, column[:, None, None].expand(5, 100, 1))[..., 0]
    g = seeded(9700)
    tasks = study.SHARED.tasks(5, generator=g)
    drawn = tasks.draw(k_support=study.ROWS, n_query=100, generator=g)
    assert torch.equal(whole.query.y, drawn.query.y)
    weight = tasks.weights.gather(1, column[:, None])
    torch.testing.assert_close(lost, weight * values, atol=1e-4, rtol=1e-4)
    assert study.relevant(whole).gather(1, column[:, None]).all()
    assert torch.equal(whole.query.x, gone.query.x)


def test_two_draws_are_of_the_same_tasks_with_other_rows():
    one, other = judges.two_draws(n_tasks=4)
    assert torch.equal(study.relevant(one), study.relevant(other))
    assert not torch.equal(one.support.x, other.support.x)


def test_deletion_hurts_a_true_model_only_where_columns_act(true_model):
    judged = study.unseen()
    sizes = true_model.weights.abs()
    whole = study.errors(true_model, judged)
    torch.testing.assert_close(judges.deleted(true_model, judged, sizes, 58, lowest=True), whole)
    assert judges.deleted(true_model, judged, sizes, 6).mean() > 0.95
    assert whole.mean() < 0.06


def test_thirds_are_of_the_learned_spread_and_a_mean_spread_is_too_wide_for_the_sure(monkeypatch):
    spread = torch.tensor([[10.0, 0.1, 1.0, 10.0, 0.1, 1.0]])
    seen = torch.tensor([[5.0, 0.1, 0.5, 30.0, 1.0, 5.0]]).sigmoid()
    gates = Gates(torch.zeros(1, 6), spread)
    monkeypatch.setattr(judges, "_twice", lambda *_: (gates, seen))
    learner = Guided(FeatureGates())
    assert judges.by_spread(learner) == [0.5, 0.5, 0.5]
    assert judges.by_spread(learner, constant=True) == [1.0, 1.0, 0.5]
    assert judges.calibrated(learner) == 0.5


def test_wider_intervals_hold_more():
    learner = Guided(FeatureGates())
    assert judges.calibrated(learner, scale=100.0) == 1.0
    assert judges.calibrated(learner, scale=1e-6) < 0.1


def test_a_learner_of_another_family_is_calibrated_on_tasks_of_that_family():
    with initialised_with(seeded(0)):
        learner = Guided(FeatureGates())
    learner.gates.doubt[-1].bias.data.fill_(-9.0)  # intervals that do not hold all
    before, after = judges.two_draws(seed=3, family=study.LOOSE)
    gates, seen = (study.adapted(learner, draw).gates for draw in (before, after))
    wanted = coverage(*gates.interval(0.9), seen.weights).mean
    assert judges.calibrated(learner, seed=3, family=study.LOOSE) == wanted
    assert judges.calibrated(learner, seed=3) != wanted
    marks = judges.marks(study.Trained(learner, 1.0, 1), study.LOOSE, seed=3)
    assert marks["coverage"] == wanted


def test_marks_hold_the_error_and_the_recovery_of_the_learner():
    trained = study.Trained(Guided(FeatureGates()), 1.5, 7)
    marks = judges.marks(trained)
    judged = study.unseen()
    model = study.adapted(trained.learner, judged)
    assert marks["error"] == pytest.approx(float(study.errors(model, judged).mean()))
    assert (marks["seconds"], marks["n_met"]) == (1.5, 7)
    assert 0 < judges.milliseconds(trained.learner, n_times=3) < 1000
