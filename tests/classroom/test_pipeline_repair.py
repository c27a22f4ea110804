"""The penalty worked out by hand, and what fine-tuning does with and without it."""

from math import exp, log1p

import pytest
import torch
from torch import nn

from metaxai_lab.classroom.pipeline_fault import importance, new_tasks, some, untrained
from metaxai_lab.classroom.pipeline_repair import STRENGTH, fine_tune, penalised
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.learners import ProtoNet, classification_loss, meta_train

PAST = torch.tensor([[2.0, 1, 3], [0, -1, 3], [-2, -1, -3], [0, 1, -3]])
ILL = torch.tensor([1, 1, 0, 0])
TASKS = new_tasks(64, at_work=False, generator=seeded(0))


@pytest.mark.parametrize(("column", "share"), [(0, 1 / 7), (1, 0.0), (2, 6 / 7)])
def test_the_loss_is_that_of_the_answer_and_the_share_of_the_named_column(column, share):
    case = Examples(torch.tensor([[1.0, 1, -2]]), torch.tensor([1]))
    named = torch.arange(3) == column
    loss = penalised(ProtoNet(nn.Identity()), Episode(Examples(PAST, ILL), case), named)
    assert loss.item() == pytest.approx(20 + log1p(exp(-20)) + STRENGTH * share, rel=1e-5)


def test_the_penalty_reaches_the_weights():
    learner = untrained(0)
    named = torch.arange(8) == 7
    punished, plain = (
        torch.autograd.grad(
            penalised(learner, TASKS, mask), learner.embed.layers[0].weight, materialize_grads=True
        )[0]
        for mask in (named, torch.zeros_like(named))
    )
    assert not torch.allclose(punished, plain, rtol=0.1)


def test_fine_tuning_takes_importance_from_the_named_column():
    learners = {fault: untrained(0) for fault in ("note", "c2", None)}
    for fault, learner in learners.items():
        fine_tune(learner, TASKS, [fault] if fault else [], seed=0, steps=60)
    note, second = (
        {fault: float(importance(m, TASKS)[column]) for fault, m in learners.items()}
        for column in (7, 1)
    )
    assert note["note"] < 0.5 * note[None]
    assert note["c2"] > 2 * note["note"]
    assert second["c2"] < 0.5 * second[None]


def test_two_columns_can_be_named():
    learner, plain = untrained(0), untrained(0)
    fine_tune(learner, TASKS, ["c2", "note"], seed=0, steps=60)
    fine_tune(plain, TASKS, [], seed=0, steps=60)
    ours, theirs = importance(learner, TASKS), importance(plain, TASKS)
    assert float(ours[1]) < 0.6 * float(theirs[1])
    assert float(ours[7]) < 0.6 * float(theirs[7])


def test_without_a_fault_it_is_plain_training():
    tuned, plain = untrained(0), untrained(0)
    fine_tune(tuned, TASKS, (), seed=3, steps=5)
    meta_train(
        plain,
        lambda g: some(TASKS, 16, generator=g),
        classification_loss,
        steps=5,
        outer_lr=3e-3,
        generator=seeded(3),
        progress=False,
    )
    for ours, theirs in zip(tuned.parameters(), plain.cpu().parameters(), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-6)


def test_the_watch_is_called_after_each_step_with_the_learner():
    learner, seen = untrained(0), []
    fine_tune(learner, TASKS, ["note"], seed=0, steps=3, watch=lambda *told: seen.append(told))
    assert seen == [(1, learner), (2, learner), (3, learner)]


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"the columns are c1, .*found c9 among those named"):
        fine_tune(untrained(0), TASKS, ["note", "c9"], seed=0, steps=1)
