"""The kernel over coalitions: its Shapley values in closed form are those of enumeration."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_kernel import CoalitionKernel
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.exact import shapley_of


def kernel(n, linear=0.4, anchors=(0.0, 0.7)):
    g = seeded(n)
    return CoalitionKernel(
        torch.rand(2, n, generator=g, dtype=torch.float64),
        torch.tensor([linear, 2 * linear], dtype=torch.float64),
        torch.tensor([1.0, 0.5], dtype=torch.float64),
        torch.tensor([0.3, 2.0], dtype=torch.float64),
        torch.tensor(anchors, dtype=torch.float64),
    )


@pytest.mark.parametrize("n", [1, 4, 7])
def test_shapley_values_and_their_variance_need_no_enumeration(n):
    everyone = all_coalitions(n).double()
    joint = kernel(n).joint(everyone, 0.0)
    towards = shapley_of(joint.asked).mT
    assert torch.allclose(joint.towards, towards, atol=1e-10)
    variance = shapley_of(towards).diagonal(dim1=-2, dim2=-1)
    assert torch.allclose(joint.shares, variance, atol=1e-10)


def test_the_empty_coalition_is_worth_nothing_and_each_part_has_its_weight():
    everyone = all_coalitions(4).double()
    asked = kernel(4, linear=0.0).joint(everyone, 0.0).asked
    assert float(asked[:, 0].abs().max()) < 1e-12
    assert torch.allclose(asked[:, -1, -1], torch.tensor(1.5).double())


def test_at_anchor_nought_it_is_the_prior_of_interactions():
    """exp(r) - 1 is the variance of a column, and products of these that of interactions."""
    n, r = 4, torch.tensor([0.2, 0.5, 1.0, 0.1], dtype=torch.float64)
    one, none = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    plain = CoalitionKernel(r[None], none, one, one, none)
    masks = all_coalitions(n)
    inside = ((masks[:, None] & masks[None]) == masks[None]).all(-1).double()
    spread = torch.where(masks, torch.expm1(r), 1.0).prod(1)
    spread[0] = 0.0
    wanted = inside @ (spread[:, None] * inside.T)
    found = plain.joint(masks.double(), 0.0).asked[0]
    assert torch.allclose(found * wanted[-1, -1], wanted, atol=1e-9)


def test_thirty_columns_are_served():
    joint = kernel(30).joint(torch.ones(1, 30, dtype=torch.float64), 0.0)
    total = joint.towards.sum(-2)
    assert torch.allclose(total, joint.asked[..., 0, :], rtol=1e-8)
