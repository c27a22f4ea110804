"""A frame becomes numbers: choices spread out, empty cells marked and counted, order kept."""

import pandas as pd
import pytest
import torch

from metaxai_lab.tasks.archives import DamagedFileError
from metaxai_lab.tasks.table_columns import cut_into_tasks, expect, read_frame

FRAME = pd.DataFrame(
    {
        "city": ["b", "a", "b", "a"],
        "size": [1.0, None, 3.0, 4.0],
        "colour": ["red", "blue", None, "red"],
        "price": [10.0, 20.0, 30.0, None],
    }
)
CUT = {"task": "city", "target": "price", "numbers": ["size"], "choices": ["colour"]}


def test_choices_become_one_column_each_and_empty_cells_are_marked():
    table = cut_into_tasks(FRAME, **CUT)
    names = ("size", "colour=blue", "colour=red", "size missing", "colour missing")
    assert table.feature_names == names
    assert table.x[0].isnan().tolist() == [True, False, False, False, False]
    assert table.x[0, 1:].tolist() == [1, 0, 1, 0]
    assert table.x[1:].tolist() == [[1, 0, 1, 0, 0], [3, 0, 0, 0, 1]]


def test_empty_cells_are_counted_among_the_rows_that_stay():
    assert cut_into_tasks(FRAME, **CUT).missing == {"size": 1, "colour": 1}


def test_rows_without_a_target_are_left_out_and_counted():
    table = cut_into_tasks(FRAME, **CUT)
    assert table.n_left_out == 1
    assert table.y.tolist() == [20, 10, 30]


def test_rows_stand_task_by_task_in_their_order():
    table = cut_into_tasks(FRAME, **CUT, task_names=["b", "a"])
    assert table.task_names == ("b", "a")
    assert table.task.tolist() == [0, 0, 1]
    assert table.y.tolist() == [10, 30, 20]


def test_a_named_task_without_rows_is_no_task():
    assert cut_into_tasks(FRAME, **CUT, task_names=["b", "c", "a"]).task_names == ("b", "a")


def test_the_columns_that_decide_are_marked_for_each_task():
    known = {"a": ["size"], "b": ["colour=red", "colour=blue"]}
    decided = cut_into_tasks(FRAME, **CUT, decided_by=known).responsible
    assert decided.int().tolist() == [[1, 0, 0, 0, 0], [0, 1, 1, 0, 0]]


def test_classes_are_whole_numbers_and_numbers_are_not():
    frame = FRAME.assign(bought=[0, 1, 1, 0])
    sorts = {"task": "city", "numbers": ["size"]}
    classes = cut_into_tasks(frame, **sorts, target="bought", class_names=("no", "yes"))
    assert classes.y.dtype == torch.int64
    assert cut_into_tasks(frame, **sorts, target="price").y.dtype == torch.float32


def test_content_that_differs_is_named_with_what_was_expected():
    with pytest.raises(DamagedFileError, match=r"radon .*\(rows: found 3, expected 4\)"):
        expect("radon", rows=(3, 4), columns=(2, 2))


@pytest.mark.parametrize(("found", "refused"), [(4, False), (3, True)])
def test_only_content_that_differs_is_refused(found, refused):
    try:
        expect("radon", rows=(found, 4))
    except DamagedFileError:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize("files", [{}, {"a": b"x\n1", "b": b"x\n1"}, {"a": b""}])
def test_what_is_not_one_table_is_refused(files):
    with pytest.raises(DamagedFileError, match="radon do not hold the published content"):
        read_frame("radon", files)
