"""What the accounts of importance are made of, on one band of the diabetes table."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import tables_importance as importance
from metaxai_lab.classroom import tables_rivals as rivals
from metaxai_lab.classroom import tables_study
from metaxai_lab.core import Examples, seeded


@pytest.fixture(scope="module")
def found():
    diabetes = tables_study.cut("diabetes")
    fold = tables_study.leave(diabetes, diabetes.judged[6])
    fit = rivals.rivals(fold)
    learner = tables_study.train(fold, fit.pooled, fit.others, seed=0, steps=3)
    gates = importance.train_gates(fold, seed=0, steps=2)
    drawn = fold.draw(fold.out, 12, 3, seeded(2))
    few = importance.of_few_rows(
        fold, drawn, learner=learner, gates=gates, penalty=0.1, generator=seeded(4)
    )
    return fold, learner, few


def test_every_account_has_a_number_for_each_draw_and_column(found):
    assert {name: values.shape for name, values in found[2].items()} == {
        name: (3, 9)
        for name in ("guided", "gates", "own lasso", "own forest", "the start", "chance")
    }


def test_the_start_says_the_same_of_every_draw(found):
    start = found[2]["the start"]
    assert torch.equal(start[0], start[2])
    assert not torch.equal(found[2]["guided"][0], found[2]["guided"][2])


def test_the_whole_group_is_all_rows_of_the_group_left_out(found):
    fold = found[0]
    assert len(importance.whole_group(fold).y) == int(fold.table.counts[list(fold.out)].sum())


def test_an_account_agrees_with_itself(found):
    one = {"same": torch.arange(5.0).expand(2, 5)}
    assert importance.agreement(one, torch.arange(5.0))["same"].tolist() == pytest.approx([1, 1])


def test_without_the_column_that_decides_the_error_rises_by_its_share():
    x = torch.tensor([[1.0, 5.0], [-1.0, 5.0]])
    rows = Examples(x, 2 * x[:, 0])
    few = {"first": torch.tensor([[1.0, 0.0]]), "second": torch.tensor([[0.0, 1.0]])}
    rises = importance.deletion_rises(
        lambda x: 2 * x[:, 0], rows, few, n_columns=1, means=torch.zeros(2)
    )
    assert {name: values.tolist() for name, values in rises.items()} == {
        "first": [4.0],
        "second": [0.0],
    }


def test_blanking_leaves_the_rows_themselves_alone():
    x = torch.ones(2, 3)
    importance.blanked(x, torch.tensor([1]), torch.zeros(3))
    assert torch.equal(x, torch.ones(2, 3))


def test_a_blanked_column_of_zeros_and_ones_names_neither_class():
    means = torch.tensor([0.0, 0.75, 0.0])
    found = importance.blanked(torch.ones(2, 3), torch.tensor([1]), means)
    assert found.tolist() == [[1, 0.75, 1], [1, 0.75, 1]]


def test_gates_are_trained_where_tasks_are_judged_on_few_rows(found):
    few = replace(found[0], n_query=3)
    gates = importance.train_gates(few, seed=0, steps=1)
    assert bool(gates.log_penalty.detach().isfinite())
