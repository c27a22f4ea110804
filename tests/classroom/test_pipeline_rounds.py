"""Twins are drawn as they should be, and the rounds end when no fault is left."""

import pytest
import torch

from metaxai_lab.classroom import pipeline_study
from metaxai_lab.classroom.pipeline_fault import COLUMNS, new_tasks
from metaxai_lab.classroom.pipeline_rounds import TWINS, rounds, with_twin
from metaxai_lab.core import seeded

TWIN = COLUMNS.index("c7")


@pytest.fixture(scope="module")
def repaired():
    """Return the rounds of one learner, at the size of the page."""
    return rounds(seed=0, plan=pipeline_study.plan())


def told(rows, column):
    """Return how often the sign of a column is that of the class."""
    return float(((rows.x[..., column] > 0) == (rows.y == 1)).double().mean())


@pytest.mark.parametrize("at_work", [False, True])
def test_the_twin_tells_the_class_as_the_note_does_with_a_chance_of_its_own(at_work):
    tasks = with_twin(200, at_work=at_work, generator=seeded(0))
    assert told(tasks.support, TWIN) > 0.95
    assert told(tasks.query, TWIN) == pytest.approx(told(tasks.query, -1), abs=0.03)
    x, sign = tasks.support.x, 2 * tasks.support.y - 1
    rests = torch.stack([(x[..., c] - 0.9 * sign).flatten() for c in (TWIN, -1)])
    assert float(torch.corrcoef(rests)[0, 1]) == pytest.approx(0, abs=0.06)
    assert float(x[..., TWIN].var()) == pytest.approx(1, abs=0.06)


def test_nothing_but_the_twin_is_changed():
    tasks, twin = (draw(20, at_work=True, generator=seeded(0)) for draw in (new_tasks, with_twin))
    others = [i for i in range(8) if i != TWIN]
    assert torch.equal(twin.query.x[..., others], tasks.query.x[..., others])
    assert torch.equal(twin.query.y, tasks.query.y)


def test_each_round_names_one_twin_and_the_last_leaves_no_fault(repaired):
    assert [len(each.named) for each in repaired] == [0, 1, 2]
    assert sorted(repaired[-1].named) == sorted(TWINS)
    assert repaired[-1].named[:1] == repaired[1].named
    assert float(repaired[-1].shares[[TWIN, -1]].max()) < 0.2


def test_only_both_repairs_bring_the_accuracy_at_work_back(repaired):
    trained, once, twice = (each.work for each in repaired)
    assert once - trained < 0.08
    assert twice - trained > 0.15


def test_the_first_report_alone_names_no_second_column():
    found = rounds(seed=0, plan=pipeline_study.plan(), again=False)
    assert [len(each.named) for each in found] == [0, 1, 1]
    assert found[-1].work - found[0].work < 0.1
