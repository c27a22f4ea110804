"""The cars of a world: thirty, by maker; and a learner that leads where physics is shared."""

import torch

from metaxai_lab.classroom.driving_brakes import cars, judged
from metaxai_lab.classroom.left_out import LEARNED


def test_there_are_thirty_cars_and_each_maker_is_left_out():
    cut = cars(0)
    assert len(cut.table.task_names) == 30
    assert "".join(cut.judged) == "ABCDEFGHIJ"


def test_training_sees_as_few_and_as_many_rows_as_are_judged():
    assert cars(0).rows == (5, 50)


def test_from_five_rows_it_errs_less_than_a_line_of_its_own():
    found = judged(0, n_makers=2)
    assert float((found.of("own ridge", 5) - found.of(LEARNED, 5)).mean()) > 0.05


def test_cars_that_share_nothing_are_other_cars():
    assert not torch.equal(cars(0).table.y, cars(0, shared=False).table.y)


def test_a_unit_is_a_maker():
    assert judged(0, n_makers=2).units == ("A", "B")
