"""Twelve real models: of 10 columns each, asked by tensors, better than knowing nothing."""

from itertools import islice

import numpy as np
import pytest
import torch

from metaxai_lab.classroom.real_models import network_again, output_of, real_models
from metaxai_lab.tasks.bundled_tables import diabetes


@pytest.fixture(scope="module")
def models():
    return list(real_models())


def test_there_are_four_kinds_on_each_of_three_tables(models):
    assert len({found.name for found in models}) == len(models) == 12
    assert {found.table for found in models} == {"diabetes", "breast_cancer", "wine"}
    assert all(sum(found.table == one.table for one in models) == 4 for found in models)


def test_each_has_ten_columns_with_rows_and_a_background(models):
    for found in models:
        assert found.rows.shape == (32, 10)
        assert found.background.shape == (16, 10)
        assert not (found.rows[:, None] == found.background[None]).all(-1).any()


def test_the_outputs_differ_from_row_to_row_and_between_the_kinds(models):
    answers = [found.model(found.rows)[:, 0] for found in models]
    assert min(float(answer.std()) for answer in answers) > 0.1
    for one in range(12):
        assert all(not torch.equal(answers[one], answers[other]) for other in range(one))


def test_probabilities_are_of_the_last_class(models):
    for found in models:
        answer = found.model(found.rows)
        assert (found.unit == "probability") == (found.table != "diabetes")
        if found.unit == "probability":
            assert bool(((answer >= 0) & (answer <= 1)).all())


def test_sex_is_a_column_of_diabetes_again(models):
    held = next(found for found in models if found.table == "diabetes").rows
    assert diabetes().x.shape[1] == 9
    assert len(held[:, 9].unique()) == 2


def test_a_model_answers_stacked_rows_as_one_by_one():
    class Sum:
        def predict(self, x):
            assert x.dtype == np.float64
            return x.sum(1)

    x = torch.randn(2, 3, 4)
    found = output_of(Sum())(x)
    assert found.dtype == x.dtype
    torch.testing.assert_close(found, x.sum(-1, keepdim=True))


def test_what_knows_classes_answers_with_a_probability():
    class Coin:
        def predict(self, x):
            raise AssertionError

        def predict_proba(self, x):
            return np.stack([1 - x[:, 0], x[:, 0]], 1)

    x = torch.rand(5, 2)
    torch.testing.assert_close(output_of(Coin())(x), x[:, :1])


def test_training_again_gives_the_same_models_and_leaves_the_global_state():
    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    for one, other in zip(*(islice(real_models(seed=3), 3) for _ in "ab"), strict=True):
        assert one.model(one.rows).equal(other.model(other.rows)), one.name
    assert (np.random.get_state()[1] == before[0]).all()  # noqa: NPY002
    assert torch.get_rng_state().equal(before[1])


def test_a_network_again_has_the_same_rows_and_other_weights(models):
    first = next(found for found in models if found.name == "wine, network")
    again = network_again(first, seed=1)
    assert torch.equal(again.data, first.data)
    assert not torch.equal(again.model(first.rows), first.model(first.rows))
    right = (again.model(first.data)[:, 0] > 0.5) == (first.labels > 0)
    assert right.float().mean() > 0.9
