"""Reading the attention of a model whose attention is known."""

import pytest
import torch

from metaxai_lab.core import Explainer
from metaxai_lab.explainers import occlusion, read_attention, spread

MAPS = torch.tensor([[[0.7, 0.1], [0.2, 0.0]], [[0.0, 0.0], [0.0, 1.0]]])
X = torch.arange(32.0).reshape(2, 16) / 32


class Looking:
    """Looks where MAPS say; its outputs are the sum of the row, and 2 less."""

    def __call__(self, x):
        total = x.sum(-1, keepdim=True)
        return torch.cat([total, total - 2], -1)

    def attention(self, x):
        return MAPS[: len(x)]


def test_each_pixel_has_its_part_of_its_cell_worked_by_hand():
    picture = read_attention(Looking(), X, target=0).values[0].reshape(4, 4)
    worked = [
        [0.175, 0.175, 0.025, 0.025],
        [0.175, 0.175, 0.025, 0.025],
        [0.050, 0.050, 0.000, 0.000],
        [0.050, 0.050, 0.000, 0.000],
    ]
    torch.testing.assert_close(picture, torch.tensor(worked))


def test_the_shares_of_a_row_add_up_to_one():
    values = read_attention(Looking(), X, target=0).values
    torch.testing.assert_close(values.sum(-1), torch.ones(2))


def test_the_output_and_the_reference_are_those_of_the_target():
    found = read_attention(Looking(), X, target=1)
    torch.testing.assert_close(found.output, X.sum(-1) - 2)
    assert found.reference.tolist() == [-2, -2]


def test_the_reference_is_the_output_on_the_baseline():
    found = read_attention(Looking(), X, target=0, baseline=torch.ones(16))
    assert found.reference.tolist() == [16, 16]


def test_it_says_its_unit():
    assert read_attention(Looking(), X, target=0).unit == "share of attention"


def test_it_keeps_no_gradient():
    class Learned(Looking):
        weight = torch.ones(1, requires_grad=True)

        def attention(self, x):
            return MAPS[: len(x)] * self.weight

    assert not read_attention(Learned(), X, target=0).values.requires_grad


def test_it_is_an_explainer():
    assert isinstance(read_attention, Explainer)


def test_a_model_without_attention_is_refused_with_another_way():
    with pytest.raises(TypeError, match=r"method attention\(x\).*function has none. Use occlusion"):
        read_attention(lambda x: x, X, target=0)


def test_a_target_that_is_no_output_is_refused():
    with pytest.raises(ValueError, match="target 2 is none"):
        read_attention(Looking(), X, target=2)


def test_cells_that_do_not_tile_the_picture_are_refused():
    with pytest.raises(ValueError, match="3 x 4 cells do not divide 4 x 4"):
        spread(torch.rand(1, 3, 4), 16)


def test_cells_need_not_be_square():
    rows = spread(torch.tensor([[0.25], [0.75]]), 4).reshape(2, 2)
    assert rows.tolist() == [[0.125, 0.125], [0.375, 0.375]]


def test_the_explained_model_may_be_explained_otherwise_too():
    assert occlusion(Looking(), X, target=0, window=2).values.shape == X.shape


def test_the_weight_of_a_cell_is_shared_by_the_colours_of_its_pixels():
    rows = spread(torch.tensor([[0.25], [0.75]]), 12, 3).reshape(3, 2, 2)
    assert torch.allclose(rows.sum(0), torch.tensor([[0.125, 0.125], [0.375, 0.375]]))
    assert torch.equal(rows[0], rows[2])
