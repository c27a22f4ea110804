"""Conditioning a Gaussian: what some answers say of Shapley values, and how sure that is."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_posterior import Joint


@pytest.fixture
def joint():
    root = torch.randn(7, 7, generator=seeded(0), dtype=torch.float64)
    whole = root @ root.T
    return Joint(whole[:4, :4], whole[4:, :4], whole.diagonal()[4:], noise=0.0), whole


def test_mean_and_doubt_are_those_of_the_textbook(joint):
    said, whole = joint
    inverse = torch.linalg.inv(whole[:4, :4])
    left = whole[4:, 4:] - whole[4:, :4] @ inverse @ whole[:4, 4:]
    assert torch.allclose(said.weights(), whole[4:, :4] @ inverse, atol=1e-8)
    assert torch.allclose(said.doubt(), left.diagonal(), atol=1e-8)


def test_the_scale_is_the_mean_square_of_what_is_left_when_the_covariance_is_divided_out(joint):
    said, whole = joint
    answers = torch.randn(5, 4, generator=seeded(1), dtype=torch.float64)
    wanted = ((answers @ torch.linalg.inv(whole[:4, :4])) * answers).mean(1)
    assert torch.allclose(said.scale(answers), wanted, rtol=1e-6)


def test_values_add_up_to_the_first_answer_and_spread_grows_with_the_answers(joint):
    said, _ = joint
    answers = torch.randn(5, 4, generator=seeded(2), dtype=torch.float64)
    values, spread = said.shapley(answers)
    assert torch.allclose(values.sum(-1), answers[:, 0], atol=1e-12)
    assert torch.allclose(said.shapley(3 * answers)[1], 3 * spread)
