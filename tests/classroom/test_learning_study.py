"""The experiment on shots: what is counted, what is learned, and what stays as it was."""

from dataclasses import replace
from math import inf

import pytest
import torch

from metaxai_lab.classroom import learning_study as study
from metaxai_lab.classroom.hidden_columns import SHARED, HiddenColumns
from metaxai_lab.classroom.linear_baselines import ridge
from metaxai_lab.core import Examples
from metaxai_lab.learners import task_losses

TINY = study.Plan(wave_steps=2, rate_steps=3, n_tuned=2, n_judged=3)


@pytest.mark.parametrize(
    ("curve", "wanted"),
    [
        ({2: 1.0, 4: 0.6, 8: 0.2}, 7.0),
        ({8: 0.2, 2: 1.0, 4: 0.6}, 7.0),
        ({2: 0.8, 4: 0.2, 6: 0.6, 8: 0.1}, 2 + 2 * 0.5 / 0.6),
        ({3: 0.3, 9: 0.1}, 3.0),
        ({2: 1.0, 4: 0.9}, inf),
    ],
)
def test_the_first_crossing_is_worked_out_by_hand(curve, wanted):
    assert study.first_below(0.3, curve) == pytest.approx(wanted)


def test_only_the_step_sizes_learn():
    before, after = study.untrained_rates(), study.train_rates(0, TINY)
    assert not any(weight.any() for weight in after.net.parameters())
    assert study.rates_of(before).unique().numel() == 1
    assert study.rates_of(after).unique().numel() > 1


def test_the_same_seed_learns_the_same_step_sizes():
    one, same, other = (study.rates_of(study.train_rates(s, TINY)) for s in (0, 0, 1))
    assert one.equal(same)
    assert not one.equal(other)


def test_a_learned_linear_start_leaves_zero():
    start = study.train_linear_start(0, TINY).net
    assert start.layers[0].weight.any()


def test_one_unlucky_task_cannot_drown_the_others():
    judged = SHARED.unseen(2, k_shot=2, seed=0)
    wild = judged.query.y * torch.tensor([[1.0], [1e3]])
    loss = study.calm_loss(study.untrained_rates(), judged)
    unlucky = replace(judged, query=Examples(judged.query.x, wild))
    wilder = study.calm_loss(study.untrained_rates(), unlucky)
    assert wilder.detach() < loss.detach() + 8


def test_the_error_of_an_answer_of_zero_is_the_mean_square():
    judged = SHARED.unseen(4, k_shot=2, seed=0)
    found = study.error(study.linear_net(200, trained=False), judged)
    assert found == pytest.approx(float(judged.query.y.square().mean()))


def test_a_curve_has_a_point_for_each_number_of_shots():
    found = study.learned_curve(study.untrained_rates(), (2, 5), seed=0, plan=TINY)
    assert list(found) == [2, 5]
    judged = SHARED.unseen(3, k_shot=5, seed=0)
    model = study.untrained_rates().adapt(judged.support)
    wanted = task_losses(model(judged.query.x), judged.query.y).mean()
    assert found[5] == pytest.approx(wanted.item())


def test_a_penalty_is_not_tuned_on_the_tasks_it_is_judged_on(monkeypatch):
    seen = []

    def spied(support, penalty):
        seen.append(support.x.clone())
        return ridge(support, penalty)

    monkeypatch.setitem(study.PENALTIES, spied, (0.1,))
    study.tuned_curve(spied, (4,), seed=0, plan=TINY)
    tried, judged = seen
    assert len(tried) == TINY.n_tuned
    assert len(judged) == TINY.n_judged
    assert not torch.isin(tried, judged).any()


def test_a_start_for_waves_and_a_pool_are_trained():
    for trained in (study.train_start(0, TINY), study.train_pool(0, TINY)):
        judged = study.some_waves(3, seed=0)
        assert trained.adapt(judged.support)(judged.query.x).shape == (3, 50, 1)


def test_a_narrower_table_has_fewer_step_sizes():
    rule = study.train_rates(0, TINY, HiddenColumns(n_columns=10))
    assert study.rates_of(rule).shape == (10,)
