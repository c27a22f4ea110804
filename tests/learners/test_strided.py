"""The strided encoder, and its slopes written out."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import StridedEncoder


def encoder():
    with initialised_with(seeded(0)):
        return StridedEncoder(width=4, dim=6)


def test_each_row_is_embedded_alone():
    x = torch.rand(2, 3, 784, generator=seeded(1))
    z = encoder()(x)
    assert z.shape == (2, 3, 6)
    torch.testing.assert_close(z[1, 2], encoder()(x[1, 2:])[0])


def test_slopes_written_out_are_those_of_autograd():
    net, x = encoder(), torch.rand(3, 784, generator=seeded(1)).requires_grad_()
    slope = torch.randn(3, 6, generator=seeded(2))
    (wanted,) = torch.autograd.grad((net(x) * slope).sum(), x)
    torch.testing.assert_close(net.pulled_back(x.detach(), slope), wanted)


def test_pictures_of_another_side_are_refused():
    with pytest.raises(ValueError, match="28 x 28 = 784 pixels; found rows of 100"):
        encoder()(torch.zeros(1, 100))
