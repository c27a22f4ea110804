"""Columns are found by name: moved, left out, missing, twice."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.tasks import in_order, tables


@pytest.fixture
def iris():
    return tables.table("iris")


def test_columns_that_changed_places_come_back(iris):
    mixed = replace(iris, x=iris.x.flip(1), feature_names=iris.feature_names[::-1])
    back = in_order(mixed, iris.feature_names)
    assert torch.equal(back.x, iris.x)
    assert back.feature_names == iris.feature_names


def test_columns_beyond_those_named_are_left_out(iris):
    kept = in_order(iris, iris.feature_names[2:])
    assert torch.equal(kept.x, iris.x[:, 2:])


def test_the_columns_that_decide_move_along(iris):
    truth = torch.tensor([[True, False, False, False]] * 3)
    turned = in_order(replace(iris, responsible=truth), iris.feature_names[::-1])
    assert torch.equal(turned.responsible, truth.flip(1))


def test_a_missing_column_is_named(iris):
    with pytest.raises(ValueError, match=r"lacks \['weight \(g\)'\]"):
        in_order(iris, [*iris.feature_names, "weight (g)"])


def test_a_name_that_comes_twice_is_refused(iris):
    names = [iris.feature_names[0], *iris.feature_names[:3]]
    doubled = replace(iris, feature_names=tuple(names))
    with pytest.raises(ValueError, match=r"twice there is \['sepal length"):
        in_order(doubled, iris.feature_names[:1])
