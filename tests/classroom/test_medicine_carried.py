"""Models carried from hospital to hospital, on small tables whose answers are known."""

from dataclasses import replace

import torch

from metaxai_lab.classroom import medicine_carried as carried
from metaxai_lab.tasks import TaskTable


def test_choices_become_codes_and_flags_go(hospitals_of):
    table = hospitals_of()
    choices = torch.nn.functional.one_hot(torch.arange(120) % 3, 3)[:, :2].float()
    names = (*table.feature_names, "pain=1.0", "pain=4.0")
    whole = TaskTable(
        torch.cat([table.x, choices], 1), table.y, table.task, names, table.task_names, "ill"
    )
    found = carried.coded(whole)
    assert found.feature_names == ("a", "b", "pain")
    assert found.x[:2, 2].tolist() == [1.0, 4.0]
    assert found.x[2, 2].isnan()


def test_a_model_that_rules_in_both_hospitals_is_carried_well(hospitals_of):
    assert carried.carried(hospitals_of(), as_codes=False).auc.min() > 0.95


def test_reasons_on_cells_that_home_seldom_measured_are_found(hospitals_of):
    found = carried.carried(hospitals_of(), as_codes=True)
    assert found.seldom[0, 1] > 0.2
    assert found.seldom[1].max() == 0


def test_the_top_reason_is_that_of_the_ruling_column(hospitals_of):
    assert carried.carried(hospitals_of(), as_codes=False).top == (("a", "a"), ("a", "a"))


def test_a_column_left_out_has_no_part_in_the_answers(hospitals_of):
    found = carried.carried(hospitals_of(), as_codes=True, without=["a"])
    assert found.top[1] == ("b", "b")


def test_columns_that_lie_far_from_home_are_seen_without_a_model(hospitals_of):
    table = hospitals_of()
    moved = replace(table, x=table.x + 9 * (table.task == 1)[:, None])
    found = carried.carried(moved, as_codes=False)
    assert found.away[0, 1] > 3 * found.away[0, 0]


def test_scaled_by_present_cells_a_seldom_column_is_not_blown_up(hospitals_of):
    table = hospitals_of()
    hasty, by_present = (
        carried.carried(table, as_codes=True, by_present=how).away[0, 1] for how in (False, True)
    )
    assert hasty > 1.5 * by_present
