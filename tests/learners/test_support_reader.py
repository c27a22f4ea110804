"""The reader of a labelled support set."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.support_reader import SupportReader

Y = torch.tensor([0, 0, 1, 1])


@pytest.fixture
def reader():
    with initialised_with(seeded(0)):
        return SupportReader(3, 4)


def clues(*lead):
    return torch.rand(*lead, 4, 5, 4, generator=seeded(1))


def test_the_order_of_the_classes_in_the_rows_does_not_matter(reader):
    clue, order = clues(), torch.tensor([2, 0, 3, 1])
    torch.testing.assert_close(reader(clue[order], Y[order]), reader(clue, Y))


def test_stacked_tasks_are_read_one_by_one(reader):
    clue = clues(3)
    together = reader(clue, Y.expand(3, -1))
    for task in range(3):
        torch.testing.assert_close(together[task], reader(clue[task], Y))


def test_a_row_is_set_beside_its_class_and_the_class_beside_the_task(reader):
    seen = torch.tensor([[0.0], [2.0], [6.0], [8.0]])
    compared = reader.compared(seen, Y)
    # the task's mean is 4, its spread 10; the classes' means are 1 and 7
    wanted = torch.tensor([[0, 0.1, 0.9], [2, 0.1, 0.9], [6, 0.1, 0.9], [8, 0.1, 0.9]])
    torch.testing.assert_close(compared, wanted, atol=1e-4, rtol=0)


def test_a_label_beyond_the_classes_is_refused(reader):
    with pytest.raises(ValueError, match=r"reads 3 classes.* found the label 3"):
        reader(clues(), torch.tensor([0, 1, 2, 3]))
