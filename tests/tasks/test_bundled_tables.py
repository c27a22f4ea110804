"""The tables of scikit-learn, cut as their docstrings say, with nothing lost."""

import pandas as pd
import pytest
import torch
from sklearn import datasets

from metaxai_lab.tasks.bundled_tables import bands_of, breast_cancer, diabetes, iris, wine
from metaxai_lab.tasks.tables import table


def column(whole, name):
    return whole.x[:, whole.feature_names.index(name)]


def test_diabetes_keeps_all_patients_and_targets():
    whole, published = diabetes(), datasets.load_diabetes()
    assert len(whole.y) == 442
    assert whole.y.sum().item() == published.target.sum()


def test_diabetes_is_cut_by_sex_and_age():
    whole = diabetes()
    assert whole.counts.tolist() == [71, 60, 61, 43, 46, 37, 64, 60]
    assert whole.task_names[1] == "sex 1, age 40 to 50"
    ages = column(whole, "age")[whole.task == 1]
    assert 40 <= ages.min() <= ages.max() < 50


def test_breast_cancer_is_cut_by_size_and_both_classes_are_in_every_band():
    whole = breast_cancer()
    benign = torch.stack([whole.y[whole.task == band].sum() for band in range(4)])
    assert whole.counts.tolist() == [171, 166, 91, 141]
    assert benign.tolist() == [165, 140, 46, 6]
    assert whole.class_names == ("malignant", "benign")
    radii = column(whole, "mean radius")[whole.task == 2]
    assert 14 < radii.min() <= radii.max() <= 16


@pytest.mark.parametrize(
    ("made", "n_rows", "n_of_class"), [(wine, 178, [59, 71, 48]), (iris, 150, [50] * 3)]
)
def test_each_class_is_asked_for_once_among_all_rows(made, n_rows, n_of_class):
    whole = made()
    assert whole.counts.tolist() == [n_rows] * 3
    assert [int(whole.y[whole.task == asked].sum()) for asked in range(3)] == n_of_class
    assert whole.x[:n_rows].equal(whole.x[n_rows : 2 * n_rows])


@pytest.mark.parametrize("name", ["diabetes", "breast_cancer", "wine", "iris"])
def test_bundled_tables_have_no_empty_cell(name):
    whole = table(name)
    assert not whole.x.isnan().any()
    assert not whole.missing


def test_an_edge_belongs_to_the_band_above_it_unless_said():
    values = pd.Series([39, 40, 59, 60])
    edges = (0, 40, 60, 200)
    young, middle, old = "age below 40", "age 40 to 60", "age above 60"
    assert list(bands_of(values, edges, "age")) == [young, middle, middle, old]
    closed = bands_of(values, edges, "age", closed_right=True)
    assert list(closed) == [young, young, middle, middle]
