"""The planted fault and the judges that find it, by hand on three columns and on drawn tasks."""

import pytest
import torch
from torch import nn

from metaxai_lab.classroom.pipeline_fault import (
    COLUMNS,
    FAMILY,
    accuracy,
    blanked,
    importance,
    new_tasks,
    reasons,
    rule_accuracy,
    shuffled,
    some,
    suspect,
    untrained,
    without_note,
)
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.learners import ProtoNet

PAST = torch.tensor([[2.0, 1, 3], [0, -1, 3], [-2, -1, -3], [0, 1, -3]])
ILL = torch.tensor([1, 1, 0, 0])
CASE = torch.tensor([[1.0, 1, -1]])
TASKS = new_tasks(6, at_work=False, generator=seeded(0))


def by_hand(truth):
    """Return the task of the chapter, with one new case, as a stack of one."""
    support, query = Examples(PAST[None], ILL[None]), Examples(CASE[None], torch.tensor([[truth]]))
    return Episode(support, query)


def told_by_note(rows):
    """Return how often the sign of the note is that of the class."""
    return float(((rows.x[..., -1] > 0) == (rows.y == 1)).double().mean())


@pytest.mark.parametrize("at_work", [False, True])
def test_the_note_tells_the_class_of_past_cases_and_at_work_says_nothing_of_new_ones(at_work):
    tasks = new_tasks(200, at_work=at_work, generator=seeded(1))
    assert told_by_note(tasks.support) > 0.95
    assert told_by_note(tasks.query) == pytest.approx(0.5 if at_work else 0.98, abs=0.03)


def test_the_planted_rule_is_right_as_often_as_its_own_chances_say():
    tasks = FAMILY.tasks(300, generator=seeded(3))
    x = tasks.draw(k_support=2, n_query=20, generator=seeded(4), shifted=True).query.x
    sure = tasks.model()(x).softmax(-1).amax(-1).double().mean()
    assert rule_accuracy(300, generator=seeded(5)) == pytest.approx(float(sure), abs=0.02)


def test_without_a_note_nothing_else_changes():
    tasks = new_tasks(200, at_work=False, generator=seeded(1))
    bare = without_note(tasks, generator=seeded(2))
    for before, after in ((tasks.support, bare.support), (tasks.query, bare.query)):
        assert told_by_note(after) == pytest.approx(0.5, abs=0.03)
        assert torch.equal(after.x[..., :-1], before.x[..., :-1])
        assert torch.equal(after.y, before.y)
    assert told_by_note(tasks.query) > 0.95, "the tasks that were given stay as they are"


def test_the_reasons_of_a_case_are_those_worked_out_by_hand():
    found = reasons(ProtoNet(nn.Identity()).adapt(Examples(PAST, ILL)), CASE)
    assert found.values[0].tolist() == pytest.approx([4, 0, -12], abs=1e-4)
    assert found.output.tolist() == pytest.approx([-8])


def test_importance_is_the_share_worked_out_by_hand():
    found = importance(ProtoNet(nn.Identity()), by_hand(1))
    assert found.tolist() == pytest.approx([0.25, 0, 0.75], abs=1e-5)


def test_importance_averages_shares_over_tasks():
    one = by_hand(1)
    mirrored = Examples(one.support.x.flip(-1), one.support.y)
    case = Examples(one.query.x.flip(-1), one.query.y)
    support, query = (
        Examples(torch.cat([a.x, b.x]), torch.cat([a.y, b.y]))
        for a, b in ((one.support, mirrored), (one.query, case))
    )
    found = importance(ProtoNet(nn.Identity()), Episode(support, query))
    assert found.tolist() == pytest.approx([0.5, 0, 0.5], abs=1e-5)


@pytest.mark.parametrize("truth", [0, 1])
def test_accuracy_counts_right_answers(truth):
    assert accuracy(ProtoNet(nn.Identity()), by_hand(truth)) == 1 - truth


def test_a_shuffled_column_keeps_its_values_in_each_task_and_the_others_their_places():
    mixed = shuffled(TASKS, "c3", generator=seeded(0))
    before, after = TASKS.query.x, mixed.query.x
    assert torch.equal(after[..., 2].sort().values, before[..., 2].sort().values)
    assert not bool((after[..., 2] == before[..., 2]).all(-1).any())
    others = [i for i in range(8) if i != 2]
    assert torch.equal(after[..., others], before[..., others])
    assert torch.equal(mixed.support.x, TASKS.support.x)


def test_a_blanked_column_is_zero_in_past_and_new_cases():
    bare = blanked(TASKS, "note")
    for before, after in ((TASKS.support, bare.support), (TASKS.query, bare.query)):
        assert not after.x[..., -1].any()
        assert torch.equal(after.x[..., :-1], before.x[..., :-1])


def test_some_tasks_are_whole_tasks_of_the_stack():
    chosen = some(TASKS, 10, generator=seeded(0))
    assert chosen.query.x.shape == (10, 20, 8)
    for i in range(10):
        same = [j for j in range(6) if torch.equal(chosen.query.x[i], TASKS.query.x[j])]
        assert torch.equal(chosen.support.x[i], TASKS.support.x[same[0]])
        assert torch.equal(chosen.support.y[i], TASKS.support.y[same[0]])


@pytest.mark.parametrize(
    ("shares", "unknown", "fault"),
    [
        ({"a": 0.75, "b": 0.25, "c": 0.0, "d": 0.0}, "a", "a"),
        ({"a": 0.74, "b": 0.26, "c": 0.0, "d": 0.0}, "a", None),
        ({"a": 0.9, "b": 0.1, "c": 0.0, "d": 0.0}, "b", None),
        ({**dict.fromkeys("abcdefgh", 0.05), "i": 0.31, "j": 0.34}, "ij", "j"),
    ],
)
def test_a_suspect_is_heavy_and_not_known_when_asked(shares, unknown, fault):
    known = {name: name not in unknown for name in shares}
    assert suspect(shares, known) == fault


def test_a_learner_begins_with_the_weights_of_its_seed():
    first, same, other = (untrained(seed).embed.layers[0].weight for seed in (0, 0, 1))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert first.shape[1] == len(COLUMNS)
