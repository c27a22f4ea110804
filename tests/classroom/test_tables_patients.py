"""Rows are judged by learners that did not see them, and drawn again within their group."""

import pytest
import torch

from metaxai_lab.classroom import tables_patients as patients
from metaxai_lab.classroom import tables_study
from metaxai_lab.core import seeded
from metaxai_lab.learners import LinearModel


@pytest.fixture(scope="module")
def fold():
    diabetes = tables_study.cut("diabetes")
    return tables_study.leave(diabetes, diabetes.judged[0])


def constant(answer):
    def lines(support):
        n_tasks, _, n_features = support.x.shape
        return {"one": LinearModel(torch.zeros(n_tasks, n_features), answer(support))}

    return lines


def test_an_answer_that_reads_no_row_has_each_rows_own_error(fold):
    lines = constant(lambda support: torch.full((len(support.y),), 2.0))
    found = patients.row_errors(fold, lines, 5, n_draws=50, generator=seeded(0))["one"]
    y = fold.table.y[tables_study.rows_of(fold.table, fold.out)]
    assert torch.allclose(found, (y - 2).square(), atol=1e-4)


def test_a_row_is_never_judged_by_a_model_that_saw_it(fold):
    y = fold.table.y[tables_study.rows_of(fold.table, fold.out)]
    lines = constant(lambda support: torch.where((support.y == y[3]).any(1), 1e6, 0.0))
    assert int((y == y[3]).sum()) == 1
    found = patients.row_errors(fold, lines, 5, n_draws=50, generator=seeded(0))["one"]
    assert float(found[3]) == pytest.approx(float(y[3].square()), rel=1e-4)
    assert float(found.max()) > 1e9


def test_groups_count_alike_however_many_rows_they_have():
    groups = [torch.full((10,), 1.0), torch.full((1000,), 3.0)]
    found = patients.over_rows(groups, generator=seeded(0))
    assert (found.mean, found.low, found.high) == (2.0, 2.0, 2.0)


def test_the_interval_is_the_normal_one_where_rows_are_many():
    groups = [torch.randn(400, generator=seeded(s)) for s in (1, 2)]
    found = patients.over_rows(groups, generator=seeded(0))
    wanted = 1.96 * (sum(float(each.var()) / 400 for each in groups) / 4) ** 0.5
    assert found.high - found.mean == pytest.approx(wanted, rel=0.08)
    assert found.mean - found.low == pytest.approx(wanted, rel=0.08)
