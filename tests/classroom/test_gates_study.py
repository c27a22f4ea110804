"""The experiment on gates: what the families plant, what trains, and what stays as it was."""

import pytest
import torch

from metaxai_lab.classroom import gates_study as study
from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners.feature_gates import FeatureGates
from metaxai_lab.learners.guided import Guided

TINY = study.Plan(steps=2, n_tasks=2, n_judged=3, gate_steps=2)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    monkeypatch.setattr(study, "plan", lambda: TINY)


def test_column_0_says_which_columns_act():
    x = torch.tensor([[1.0] * 8, [-1.0] + [1.0] * 7])
    assert study.acting(x).nonzero().tolist() == [[0, 1], [0, 2], [0, 3], [1, 4], [1, 5], [1, 6]]


def test_in_a_switching_family_only_acting_columns_act():
    tasks = study.Switching(noise=0.0).draw(k_support=4, n_query=60, n_tasks=2, generator=seeded(0))
    seen = tasks.query.x * tasks.truth
    weights = torch.linalg.lstsq(seen, tasks.query.y[..., None]).solution
    torch.testing.assert_close((seen @ weights)[..., 0], tasks.query.y)


def test_the_targets_of_a_switching_family_have_a_variance_of_about_1():
    tasks = study.SWITCHING.draw(k_support=4, n_query=50, n_tasks=300, generator=seeded(0))
    assert float(tasks.query.y.var()) == pytest.approx(1.0, abs=0.1)


def test_a_prejudice_closes_the_gates_of_the_columns_that_act():
    acts = study.SHARED.tasks(1, generator=seeded(3)).relevant[0]
    gates = study.prejudiced(0).meta(torch.zeros(1, 8))[0]
    assert (gates[acts] < 0.2).all()
    assert (gates[~acts] > 0.8).all()


@pytest.mark.parametrize("way", [study.train_in_one_pot, study.train_in_two_loops])
def test_training_moves_the_gates(way):
    x = study.unseen(study.OWN, seed=0).query.x
    trained = way(study.untrained(0), study.OWN, seed=0).net
    assert not trained.meta(x).equal(study.untrained(0).meta(x))


def test_gates_that_do_not_see_the_row_learn_one_number_for_each_column():
    x = study.unseen(study.OWN, seed=0).query.x
    gates = study.train_in_two_loops(study.rowless(0), study.OWN, seed=0).net.meta(x)
    assert gates.equal(gates[0, 0].expand_as(gates))
    assert not gates.equal(study.rowless(0).meta(x))


def test_a_costly_gate_closes():
    x = study.unseen(study.OWN, seed=0).query.x
    free, dear = (
        study.train_in_two_loops(study.untrained(0), study.OWN, seed=0, sparing=cost)
        for cost in (0.0, 100.0)
    )
    assert dear.net.meta(x).mean() < free.net.meta(x).mean()


def test_a_watch_sees_the_net_before_and_after_each_step():
    seen = {}

    def watch(step, net):
        seen[step] = net.meta.dense.bias.detach().clone()

    study.train_in_two_loops(study.untrained(0), study.OWN, seed=0, watch=watch, longer=2)
    assert list(seen) == [0, 1, 2, 3, 4]
    assert not seen[2].equal(seen[1])
    assert seen[0].equal(study.untrained(0).meta.dense.bias)


def test_gates_that_read_the_support_are_trained():
    support = study.unseen(study.OWN, seed=0).support
    with initialised_with(seeded(0)):
        untrained = Guided(FeatureGates(width=32, n_layers=1))
    trained = study.train_support_gates(0)
    assert not trained.adapt(support).gates.weights.equal(untrained.adapt(support).gates.weights)


def test_an_answer_of_0_errs_by_the_mean_square():
    tasks = study.unseen(study.OWN, seed=0)
    found = study.error(lambda x: torch.zeros(*x.shape[:-1], 1), tasks)
    assert found == pytest.approx(float(tasks.query.y.square().mean()))


def test_columns_are_found_by_their_mean_over_rows():
    x, truth = torch.zeros(1, 2, 3), torch.tensor([[[True, False, False]] * 2])
    rows = Examples(x, torch.zeros(1, 2))
    values = torch.tensor([[[0.9, 0.0, 0.0], [0.0, 0.5, 0.3]]])
    assert study.found(values, Episode(rows, rows, truth)) == 1.0


def test_slopes_of_a_linear_model_are_the_sizes_of_its_weights():
    weights = torch.tensor([[1.0], [-2.0]])
    found = study.slopes(lambda x: x @ weights, torch.ones(3, 2))
    assert found.tolist() == [[1.0, 2.0]] * 3


def test_the_same_seed_trains_the_same_gates():
    one, same = (study.train_in_two_loops(study.untrained(0), study.OWN, seed=0) for _ in range(2))
    assert one.net.meta.dense.bias.equal(same.net.meta.dense.bias)
