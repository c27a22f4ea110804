"""Conditioning on two answers, by hand and against scikit-learn."""

import pytest
import torch
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RationalQuadratic

from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers.labeller_kernel import Kernel, Posterior

NONE = torch.tensor(0.0)
ASKED = Examples(torch.tensor([[0.0, 0.0], [2.0, 0.0]]), torch.tensor([4.0, 0.0]))


def posterior(*relevance, asked=ASKED):
    return Posterior(Kernel(torch.tensor(relevance), NONE, NONE, NONE), asked)


def test_the_row_between_two_answers_gets_their_mean_and_a_third_of_the_variance():
    between = torch.tensor([[1.0, 0.0]])
    assert float(posterior(1.0, 1.0)(between)) == pytest.approx(2.0, abs=1e-5)
    assert float(posterior(1.0, 1.0).spread(between)) == pytest.approx((9 / 3) ** 0.5, abs=1e-5)


@pytest.mark.parametrize(("relevance", "wanted"), [(1.0, 1.2), (0.0, 4.0)])
def test_the_relevance_of_a_column_says_how_far_it_moves_a_row_away(relevance, wanted):
    aside = torch.tensor([[0.0, 2.0]])
    assert float(posterior(1.0, relevance)(aside)) == pytest.approx(wanted, abs=1e-5)


def test_it_is_the_gaussian_process_of_scikit_learn():
    g = seeded(0)
    x, y = torch.randn(9, 3, generator=g).double(), torch.randn(9, generator=g).double()
    new = torch.randn(5, 3, generator=g).double()
    one = torch.ones(3).double()
    zero = torch.tensor(0.0).double()
    ours = Posterior(Kernel(one, zero, zero, torch.tensor(0.1).double()), Examples(x, y))
    kernel = RationalQuadratic(1.0, 1.0)
    theirs = GaussianProcessRegressor(kernel, alpha=0.1, optimizer=None).fit(x.numpy(), y.numpy())
    mean, spread = theirs.predict(new.numpy(), return_std=True)
    assert torch.allclose(ours(new)[:, 0], torch.as_tensor(mean))
    spreads = torch.as_tensor(spread) * ours.scale.sqrt()
    assert torch.allclose(ours.spread(new), spreads)


def test_a_plane_is_followed_beyond_the_data_if_it_is_believed_in():
    x = torch.tensor([[-1.0], [0.0], [1.0]])
    kernel = Kernel(torch.ones(1), torch.tensor(1e4), NONE, torch.tensor(1e-2))
    found = Posterior(kernel, Examples(x, 2 * x[:, 0]))(torch.tensor([[10.0]]))
    assert float(found) == pytest.approx(20.0, rel=1e-2)


def test_a_level_far_from_0_is_kept_if_it_is_believed_in():
    x = torch.tensor([[-1.0], [0.0], [1.0]])
    kernel = Kernel(torch.ones(1), NONE, torch.tensor(1e4), torch.tensor(1e-2))
    found = Posterior(kernel, Examples(x, torch.full((3,), 7.0)))(torch.tensor([[50.0]]))
    assert float(found) == pytest.approx(7.0, abs=0.05)


def test_answers_in_another_unit_give_the_same_in_that_unit():
    tenfold = Examples(ASKED.x, 10 * ASKED.y)
    x = torch.tensor([[0.7, 0.3]])
    one, ten = posterior(1.0, 1.0), posterior(1.0, 1.0, asked=tenfold)
    assert torch.allclose(10 * one(x), ten(x))
    assert torch.allclose(10 * one.spread(x), ten.spread(x))


def test_the_variance_of_a_row_is_its_covariance_with_itself():
    x = torch.randn(4, 2, generator=seeded(1))
    kernel = Kernel(torch.tensor([0.5, 2.0]), torch.tensor(0.3), torch.tensor(0.7), NONE)
    assert torch.allclose(kernel.variance(x), kernel(x, x).diagonal(), atol=1e-5)


def test_the_surprise_is_that_of_the_normal_law_at_the_likeliest_scale():
    asked = Examples(torch.tensor([[0.0], [1.0]]), torch.tensor([1.0, -2.0]))
    found = posterior(1.0, asked=asked)
    covariance = found.kernel(asked.x, asked.x) * found.scale
    law = torch.distributions.MultivariateNormal(torch.zeros(2), covariance)
    constant = 0.5 * torch.log(torch.tensor(2 * torch.pi)) + 0.5
    assert torch.allclose(-law.log_prob(asked.y) / 2, found.surprise() + constant, atol=1e-5)


def test_the_slope_is_how_the_surprise_changes_with_the_relevances():
    g = seeded(2)
    asked = Examples(torch.randn(6, 2, generator=g).double(), torch.randn(6, generator=g).double())
    relevance = torch.tensor([0.7, 1.3]).double().requires_grad_()
    some = torch.tensor(0.2).double()
    found = Posterior(Kernel(relevance, some, some, some), asked)
    (meant,) = torch.autograd.grad(found.surprise(), relevance, retain_graph=True)
    (ours,) = torch.autograd.grad(found.covariance, relevance, found.slope())
    assert torch.allclose(ours, meant)
