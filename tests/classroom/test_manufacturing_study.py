"""A rule is named when its columns have the largest values, and halls know their truth."""

import pytest
import torch

from metaxai_lab.classroom import manufacturing_study as study
from metaxai_lab.classroom.mode_nets import ModeNets
from metaxai_lab.core import seeded
from metaxai_lab.tasks import is_here, tables
from metaxai_lab.tasks.machines import COLUMNS, draw_runs, rules


def test_a_rule_is_named_by_size_whatever_the_sign_and_only_if_all_its_columns_lead():
    values = torch.tensor([[3.0, -2.0, 1.0], [3.0, -2.0, 1.0], [3.0, -2.0, 1.0]])
    truth = torch.tensor([[1, 1, 0], [1, 0, 1], [0, 1, 0]]).bool()
    assert study.named(values, truth).tolist() == [True, False, False]


def test_chance_is_one_over_the_number_of_choices():
    truth = torch.tensor([[1, 1, 0, 0], [1, 0, 0, 0]]).bool()
    assert study.by_chance(truth) == pytest.approx((1 / 6 + 1 / 4) / 2)


def test_random_orders_name_as_chance_says():
    truth = torch.tensor([[1, 1, 0, 0]]).bool().expand(20_000, -1)
    values = torch.rand(20_000, 4, generator=seeded(0))
    assert float(study.named(values, truth).float().mean()) == pytest.approx(1 / 6, abs=0.01)


@pytest.fixture(scope="module")
def true_hall():
    """Return a hall whose model is the rules themselves."""
    seen, runs = (draw_runs(10_000, generator=seeded(s)) for s in (0, 1))
    single = runs.single.nonzero()[:, 0][:20]
    rule = runs.modes[single, :3].float().argmax(1)
    truth = study.responsible(runs.modes[single])
    nets = ModeNets(seen.x, generator=seeded(2))
    nets.forward = lambda x: rules(x).float()
    sound = seen.x[~seen.failed][:40]
    return study.Hall(nets, seen, runs, runs.x[single], rule, truth, sound)


def test_a_model_that_is_the_rules_is_explained_by_the_rules(true_hall):
    assert torch.equal(true_hall.said, true_hall.rule)
    assert float(study.named(true_hall.exact(), true_hall.truth).float().mean()) >= 0.9
    assert true_hall.caught() == [(1.0, 1.0)] * 3


def test_near_runs_did_not_fail_and_are_nearer_than_others(true_hall):
    found = study.near(true_hall, 3)
    assert found.shape == (20, 3, len(COLUMNS))
    assert not rules(found).any()
    size = true_hall.nets.size
    own = ((true_hall.rows[:, None] - found) / size).norm(dim=2).max(1).values
    sound = true_hall.seen.x[~true_hall.seen.failed]
    far = ((true_hall.rows[:, None] - sound) / size).norm(dim=2)
    nearer = (far < own[:, None] - 1e-3).sum(1)
    assert int(nearer.max()) <= 2


def test_untrained_nets_name_hardly_any_rule(true_hall):
    blind = study.untrained(true_hall, 0)
    assert float(study.named(blind.exact(), true_hall.truth).float().mean()) < 0.2


def test_a_file_is_halved_and_no_run_judges_the_model_that_saw_it(true_hall):
    whole = study.Runs(true_hall.seen.x[:, :6], true_hall.seen.modes)
    one = study.halved(whole, 0)
    assert len(one.seen.x) + len(one.runs.x) == len(whole.x)
    assert not (one.rows[:, None] == one.seen.x).all(-1).any()
    assert one.truth.shape == one.rows.shape


def test_a_prior_belongs_to_its_number_of_columns():
    assert study.prior_of(4, 10).n_features == 4


@pytest.mark.skipif(not is_here("ai4i2020"), reason="ai4i2020 is not on this machine")
def test_the_rules_hold_exactly_in_the_published_file():
    runs = study.real_runs(tables.table("ai4i_modes"))
    tenths = (runs.x.double() * 10).round() / 10  # as the file writes them
    assert torch.equal(rules(tenths), runs.modes[:, :3])
