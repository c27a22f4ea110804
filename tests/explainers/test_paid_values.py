"""The sheet of paid values: tiles cover it once, and what is paid stays."""

import pytest
import torch

from metaxai_lab.explainers.paid_values import PaidValues

ROWS, MASKS = torch.randn(5, 3), torch.rand(11, 3) < 0.5


@pytest.mark.parametrize("room", [0, 1, 4, 11, 25, 1000])
def test_tiles_cover_every_value_once(room):
    sheet = PaidValues(ROWS, MASKS, room=room)
    seen = torch.zeros(5, 11)
    for at_rows, at_masks in sheet.open_tiles():
        seen[at_rows, at_masks] += 1
    assert seen.eq(1).all()


def test_tiles_that_are_paid_for_are_not_open():
    sheet = PaidValues(ROWS, MASKS, room=22)
    first, second, *_ = sheet.open_tiles()
    sheet.keep(torch.ones(2, 11), *first)
    assert next(sheet.open_tiles()) == second
    assert sheet.values[:2].eq(1).all()


def test_it_says_how_many_are_paid_for():
    sheet = PaidValues(ROWS, MASKS, room=22)
    sheet.keep(torch.ones(2, 11), *next(sheet.open_tiles()))
    assert str(sheet).startswith("22 of 55 values are paid for")


@pytest.mark.parametrize("other", [(ROWS + 1, MASKS), (ROWS, ~MASKS), (ROWS[:4], MASKS)])
def test_it_knows_its_own_rows_and_masks_from_others(other):
    sheet = PaidValues(ROWS, MASKS, room=22)
    assert sheet.is_for(ROWS.clone(), MASKS.clone())
    assert not sheet.is_for(*other)
