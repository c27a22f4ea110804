"""Modes are left out pair by pair, and judged by the sensors that decide them."""

import pytest
import torch

from metaxai_lab.classroom import manufacturing_few as few
from metaxai_lab.classroom.left_out import LEARNED
from metaxai_lab.tasks.fault_modes import PAIRS


def test_modes_of_the_same_two_sensors_are_left_out_together():
    table = few.made(0)
    cut = few.cut(table)
    assert len(cut.groups) == len(PAIRS)
    for pair, tasks in cut.groups.items():
        assert all(table.task_names[task].startswith(pair + ",") for task in tasks)
    assert few.cut(table, 2).judged == cut.judged[:2]


def test_many_rows_name_the_sensors_and_few_rows_less_often():
    table = few.made(0)
    pair = ["torque and wear"]
    many, few_rows = (few.naming(table, pair, size=n, seed=0, steps=5) for n in (50, 5))
    assert set(many) == set(few.NAMERS)
    assert many[LEARNED].shape == (3,)
    assert float(many["own lasso"].mean()) > float(few_rows["own lasso"].mean())


def test_a_table_that_does_not_know_its_truth_is_refused():
    table = few.replace(few.made(0), responsible=None)
    with pytest.raises(ValueError, match="does not know them"):
        few.naming(table, ["torque and wear"], seed=0, steps=1)
    assert torch.is_tensor(table.x)
