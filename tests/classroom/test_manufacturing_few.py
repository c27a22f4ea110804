"""Modes are left out pair by pair, and judged by the sensors that decide them."""

import pytest
import torch

from metaxai_lab.classroom import manufacturing_few as few
from metaxai_lab.classroom.left_out import LEARNED, left_out
from metaxai_lab.tasks.fault_modes import PAIRS


def test_modes_of_the_same_two_sensors_are_left_out_together():
    table = few.made(0)
    cut = few.cut(table)
    assert len(cut.groups) == len(PAIRS)
    for pair, tasks in cut.groups.items():
        assert all(table.task_names[task].startswith(pair + ",") for task in tasks)
    assert few.cut(table, 2).judged == cut.judged[:2]


@pytest.fixture(scope="module")
def judged():
    return few.judged_modes(few.made(0), seed=0, judged=2, steps=5)


def test_many_rows_name_the_sensors_more_often_than_few(judged):
    for name in few.NAMERS:
        shares = judged.named[name].mean(1)
        assert float(shares[-1]) > float(shares[0])


def test_each_mode_left_out_is_a_unit(judged):
    assert judged.errors.units == few.made(0).task_names[:6]
    assert judged.named[LEARNED].shape == (4, 6)


def test_errors_are_those_of_the_lab(judged):
    """The same draws, learner and rivals as `left_out`, which is judged on its own."""
    lab = left_out(few.cut(few.made(0), 2), seed=0, steps=5)
    for name, errors in lab.errors.items():
        assert torch.allclose(errors, judged.errors.errors[name], atol=1e-5)


def test_a_table_that_does_not_know_its_truth_is_refused():
    table = few.replace(few.made(0), responsible=None)
    with pytest.raises(ValueError, match="does not know them"):
        few.judged_modes(table, seed=0, judged=1, steps=1)
