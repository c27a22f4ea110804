"""The joints take any callable of the right shape, and nothing less."""

import torch
from torch import Tensor

from metaxai_lab.core import AttendingModel, Examples, MetaLearner, Model


class Looking:
    def __call__(self, x: Tensor, /) -> Tensor:
        return x

    def attention(self, x: Tensor, /) -> Tensor:
        return x


class Learner:
    def adapt(self, support: Examples) -> Model:
        return lambda x: x + support.x.mean()


def test_any_callable_is_a_model() -> None:
    assert isinstance(torch.tanh, Model)


def test_a_model_that_cannot_say_where_it_looks_is_not_attending() -> None:
    assert not isinstance(torch.tanh, AttendingModel)


def test_a_model_that_says_where_it_looks_is_attending() -> None:
    assert isinstance(Looking(), AttendingModel)


def test_what_adapts_is_a_meta_learner() -> None:
    assert isinstance(Learner(), MetaLearner)


def test_a_model_is_no_meta_learner() -> None:
    assert not isinstance(Looking(), MetaLearner)
