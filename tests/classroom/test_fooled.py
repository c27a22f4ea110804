"""A lender that hides: biased to real rows, innocent to mixtures, and caught on the data."""

import pytest
import torch

from metaxai_lab.classroom import fooled
from metaxai_lab.core import Attribution, seeded
from metaxai_lab.explainers import Game, kernel_shap

TABLE = fooled.lender_table(1040, correlation=0.995, seed=0)
SEEN, NEW = TABLE[:1000], TABLE[1000:]
MODEL = fooled.Hidden(fooled.Detector.of(SEEN, share=0.98))


def test_money_hangs_together_and_shoes_and_group_stand_alone():
    found = torch.corrcoef(SEEN.T)
    assert found[:6, :6].min() > 0.99
    assert found[:6, 6:].abs().max() < 0.1
    assert set(SEEN[:, fooled.BIASED].tolist()) == {-1.0, 1.0}


def test_shoe_size_stands_in_for_the_group_as_told():
    table = fooled.lender_table(4000, stand_in=0.8)
    shoes, group = table[:, fooled.INNOCENT], table[:, fooled.BIASED]
    assert torch.corrcoef(torch.stack([shoes, group]))[0, 1] == pytest.approx(0.8, abs=0.03)
    assert shoes.std() == pytest.approx(1, abs=0.05)


def test_as_many_rows_pass_the_detector_as_were_told():
    assert MODEL.detector.real(SEEN).float().mean() == pytest.approx(0.98, abs=0.002)


def test_the_distance_is_that_of_the_covariance():
    away = NEW[0] - SEEN.mean(0)
    wanted = away @ torch.linalg.solve(torch.cov(SEEN.T), away)
    torch.testing.assert_close(MODEL.detector.distance(NEW)[0], wanted, atol=1e-2, rtol=1e-3)


def test_real_rows_meet_the_biased_rule_and_odd_ones_the_innocent():
    odd = NEW.clone()
    odd[:, 0] += 10
    assert torch.equal(MODEL(odd), fooled.innocent(odd))
    real = MODEL.detector.real(NEW)
    assert torch.equal(MODEL(NEW)[real], fooled.biased(NEW)[real])
    assert real.float().mean() > 0.9


def test_kernel_shap_clears_the_lender_and_convicts_the_rule_without_a_detector():
    def first(model):
        found = kernel_shap(Game(model, SEEN[:24]), NEW, n_queries=128, generator=seeded(1))
        return fooled.first_named(found, fooled.BIASED)

    assert first(MODEL) < 0.3
    assert first(fooled.biased) == 1


def test_questions_on_the_data_name_the_group():
    found = fooled.on_data_shapley(MODEL, NEW, SEEN, k=10)
    assert fooled.first_named(found, fooled.BIASED) > 0.9
    torch.testing.assert_close(found.gap, torch.zeros(len(NEW)), atol=1e-4, rtol=0)


def test_a_coalition_is_worth_the_mean_answer_of_the_nearest_rows():
    masks = torch.zeros(2, 8).bool()
    masks[1, fooled.INNOCENT] = True
    found = fooled.on_data_values(MODEL, NEW[:1], SEEN, masks, k=5)
    near = (SEEN[:, fooled.INNOCENT] - NEW[0, fooled.INNOCENT]).abs().argsort()[:5]
    torch.testing.assert_close(found[0, 1], MODEL(SEEN[near])[:, 0].mean())
    torch.testing.assert_close(found[0, 0], MODEL(SEEN)[:, 0].mean())


def test_mixtures_take_each_column_from_the_row_or_from_the_background():
    x, background = torch.ones(2, 3), torch.zeros(4, 3)
    found = fooled.mixtures(x, background)
    assert found.shape == (6 * 2 * 4, 3)
    assert set(found.sum(1).tolist()) == {1.0, 2.0}


def test_the_answer_moves_without_the_group_and_stays_without_the_shoes():
    def naming(column):
        values = torch.zeros_like(NEW)
        values[:, column] = -1.0
        return Attribution(values, NEW, NEW[:, 0], NEW[:, 0])

    moved = fooled.moved_on_data(naming(fooled.BIASED), MODEL, SEEN, k=10)
    stayed = fooled.moved_on_data(naming(fooled.INNOCENT), MODEL, SEEN, k=10)
    assert moved > 2 > 0.5 > stayed


def test_the_largest_value_is_named_whatever_its_sign():
    values = torch.tensor([[0.1, -3.0], [2.0, 1.0]])
    found = Attribution(values, values, values[:, 0], values[:, 0])
    assert fooled.first_named(found, 1) == 0.5
