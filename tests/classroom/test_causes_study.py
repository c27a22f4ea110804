"""The study against truths that are known without it."""

import torch

from metaxai_lab.classroom import causes_study as study


def test_least_squares_in_a_chain_finds_the_direct_effects():
    found = study.compared("chain", 5, n_rows=50_000)
    models = study.random_models("chain", 5, seed=0)
    truth = models.weights[:, models.place("wear"), [models.place("load"), models.place("heat")]]
    assert torch.allclose(found.weights, truth, atol=0.05)


def test_marginal_values_are_weight_times_deviation():
    found = study.compared("chain", 5)
    models = study.random_models("chain", 5, seed=0)
    truth = models.weights[:, models.place("wear"), [models.place("load"), models.place("heat")]]
    usual = found.direct / truth.abs()
    assert torch.allclose(found.marginal, found.weights.abs() * usual)


def test_hum_and_alarm_have_no_effect_and_age_has():
    assert study.compared("fork", 5).total[:, 1].abs().max() == 0
    assert study.compared("collider", 5).total[:, 1].abs().max() < 1e-12
    assert study.compared("fork", 5).total[:, 0].min() > 0


def test_a_column_that_is_not_read_has_no_weight_and_no_marginal_credit():
    found = study.compared("chain", 5, reads="heat")
    assert not found.weights[:, 0].any()
    assert study.credit_of(found.marginal, 0) < 1e-12
    assert study.credit_of(found.conditional, 0) > 0.1


def test_shares_by_hand():
    said = torch.tensor([[3.0, 1.0], [1.0, 1.0]])
    assert study.credit_of(said, 1) == 0.375
    assert study.same_first(said, torch.tensor([[2.0, 1.0], [0.0, 1.0]])) == 0.5
