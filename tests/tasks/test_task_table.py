"""A table of tasks: scaled by the training tasks alone, and no empty cell is hidden."""

import math
from dataclasses import replace

import pytest
import torch

from metaxai_lab.tasks.task_table import TaskTable, large_enough, leave_out, standardised

NAN = math.nan


def small(y=(1.0, 3.0, 5.0, 100.0)):
    return TaskTable(
        x=torch.tensor([[1.0, 0.0, NAN], [3.0, 1.0, NAN], [NAN, 1.0, NAN], [99.0, 1.0, 7.0]]),
        y=torch.tensor(y),
        task=torch.tensor([0, 0, 1, 2]),
        feature_names=("length", "is_red", "rare"),
        task_names=("a", "b", "c"),
        target_name="y",
    )


def test_numbers_get_mean_0_and_deviation_1_over_the_training_tasks():
    scaled = standardised(small(), by=(0, 1))
    assert scaled.x[:2, 0].tolist() == [-1.0, 1.0]  # 1 and 3: mean 2, deviation 1


def test_other_tasks_are_scaled_by_the_same_numbers():
    assert standardised(small(), by=(0, 1)).x[3, 0].item() == 97.0


def test_what_other_tasks_hold_does_not_matter():
    table = small()
    other = replace(table, x=table.x.clone(), y=table.y.clone())
    other.x[3, 0], other.y[3] = 5.0, 5.0
    one, two = standardised(table, by=(0, 1)), standardised(other, by=(0, 1))
    assert one.x[:3].equal(two.x[:3])
    assert one.y[:3].equal(two.y[:3])


def test_an_empty_cell_gets_the_mean():
    assert standardised(small(), by=(0, 1)).x[2, 0].item() == 0.0


def test_a_column_without_a_value_in_training_says_nothing_anywhere():
    assert standardised(small(), by=(0, 1)).x[:, 2].tolist() == [0.0] * 4


def test_columns_of_zeros_and_ones_stay():
    assert standardised(small(), by=(0, 1)).x[:, 1].tolist() == [0.0, 1.0, 1.0, 1.0]


def test_a_number_to_predict_is_scaled_and_the_way_back_is_kept():
    table = small()
    scaled = standardised(table, by=(0, 1))  # 1, 3, 5: mean 3
    assert scaled.y[1].item() == 0.0
    centre, spread = scaled.target_scale
    assert torch.allclose(scaled.y * spread + centre, table.y)


def test_the_way_back_holds_after_scaling_twice():
    table = small()
    twice = standardised(standardised(table, by=(0, 1)), by=(2, 1))
    assert torch.allclose(twice.y * twice.target_scale[1] + twice.target_scale[0], table.y)


def test_classes_stay_classes():
    table = small(y=(0, 1, 1, 0))
    assert standardised(table, by=(0,)).y.equal(table.y)


def test_a_left_out_task_is_named_or_numbered():
    assert leave_out(small(), "b") == leave_out(small(), 1) == (0, 2)


def test_a_task_that_is_not_there_is_refused_with_the_names():
    with pytest.raises(ValueError, match="the tasks of this table are a, b, c; found 'd'"):
        leave_out(small(), "d")


@pytest.mark.parametrize(("tasks", "found"), [((0, 3), r"\[3\]"), ((), "none"), ((-1,), r"\[-1\]")])
def test_numbers_that_are_no_tasks_are_refused(tasks, found):
    with pytest.raises(ValueError, match=f"from 0 to 2; found {found}"):
        standardised(small(), by=tasks)


def test_tasks_are_counted():
    assert small().counts.tolist() == [2, 1, 1]
    assert large_enough(small(), 2) == (0,)


def test_every_column_needs_its_name():
    with pytest.raises(ValueError, match="a table of 3 columns needs as many names; found 1"):
        replace(small(), feature_names=("length",))


@pytest.mark.parametrize("task", [[0, 1, 0, 2], [0, 0, 2, 2], [1, 1, 2, 2]])
def test_rows_stand_task_by_task(task):
    with pytest.raises(ValueError, match="each of 3 named tasks has some"):
        replace(small(), task=torch.tensor(task))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_table_moves_with_what_it_knows():
    table = replace(small(), responsible=torch.ones(3, 3, dtype=torch.bool))
    moved = table.to("cuda")
    assert {moved.x.device.type, moved.y.device.type, moved.responsible.device.type} == {"cuda"}
    assert standardised(moved, by=(0, 1)).x.cpu().equal(standardised(table, by=(0, 1)).x)


def test_an_infinite_cell_is_named_by_row_task_and_column():
    table = small()
    x = table.x.clone()
    x[2, 1] = math.inf
    with pytest.raises(ValueError, match=r"row 2, of task 'b', holds inf in column 'is_red'"):
        standardised(replace(table, x=x), by=(0, 1))
