"""What a model answers is looked at: shape, kind, and that every number is one."""

import pytest
import torch

from metaxai_lab.explainers.answers import ModelFailedError, answered

ASKED = torch.arange(12.0).view(4, 3)


def test_a_proper_answer_comes_back_as_it_is():
    assert answered(lambda x: x * 2, ASKED).equal(ASKED * 2)


@pytest.mark.parametrize("outputs", [torch.zeros(4), torch.zeros(3, 2), torch.zeros(1, 4, 2)])
def test_another_shape_is_refused_with_the_one_that_is_needed(outputs):
    with pytest.raises(ValueError, match=r"rows \(4,\) by a tensor \(4, 'outputs'\).*unsqueeze"):
        answered(lambda x: outputs, ASKED)


def test_what_is_no_tensor_is_refused_by_its_kind():
    with pytest.raises(ValueError, match="found ndarray"):
        answered(lambda x: x.numpy(), ASKED)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_refused_with_the_row_that_led_to_it(number):
    def model(x):
        return torch.where(x[:, :1] > 5, number, x)

    with pytest.raises(ValueError, match=r"NaN or infinity for 2 of 4 rows, first for \[6.0, 7.0"):
        answered(model, ASKED)


def test_an_error_of_the_model_is_named_and_kept_as_the_cause():
    with pytest.raises(ModelFailedError, match=r"shape \(4, 3\).* with RuntimeError: ") as caught:
        answered(lambda x: x @ torch.zeros(5, 2), ASKED)
    assert isinstance(caught.value.__cause__, RuntimeError)
