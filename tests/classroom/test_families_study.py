"""The experiment on families: what it trains, keeps, spoils and suspects."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom.families_study import (
    FAMILIES,
    INPUTS,
    Plan,
    answers,
    mislabelled,
    own_rows,
    plan,
    suspect,
    train,
    untrained,
)
from metaxai_lab.classroom.seen_letters import DIM, Seen, draw_seen
from metaxai_lab.core import Examples, seeded
from metaxai_lab.evaluation.agreement import rank_agreement
from metaxai_lab.explainers import Influence, leave_one_out
from metaxai_lab.tasks import PictureTable

SMALL = Plan(eye_steps=1, effort=0.02, n_tasks=2)


@pytest.fixture(scope="module")
def seen():
    """Forty classes of 10 rows that lie in clouds of their own."""
    g = seeded(0)
    z = 1.5 * torch.randn(40, 1, DIM, generator=g) + torch.randn(40, 10, DIM, generator=g)
    names = tuple(f"class {i}" for i in range(40))
    pixels = torch.zeros(400, 4, dtype=torch.uint8)
    return Seen(PictureTable(pixels, torch.full((40,), 10), names, side=2), z.flatten(0, 1))


def test_the_quick_plan_is_smaller(monkeypatch):
    monkeypatch.setenv("METAXAI_SCALE", "quick")
    quick = plan()
    monkeypatch.setenv("METAXAI_SCALE", "full")
    full = plan()
    assert (quick.eye_steps, quick.effort, quick.n_tasks) < (
        full.eye_steps,
        full.effort,
        full.n_tasks,
    )


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_trains_adapts_and_reads_what_leaving_out_would_show(name, seen):
    family = FAMILIES[name]
    learner, seconds = train(family, seen, seed=0, plan=SMALL)
    task = draw_seen(seen, n_tasks=4, n_query=2, generator=seeded(1))
    said = answers(learner, task.support, task.query.x)
    found = family.read(learner, task.support, task.query.x, said)
    truth = leave_one_out(learner, task.support, task.query.x, said)
    assert seconds > 0
    assert not learner.training
    assert rank_agreement(found, truth).mean > 0.6


@pytest.mark.parametrize("name", FAMILIES)
def test_training_moves_a_learner_from_where_a_seed_put_it(name, seen):
    learner, _ = train(FAMILIES[name], seen, seed=3, plan=SMALL)
    begun, again = (untrained(FAMILIES[name], seed=3) for _ in range(2))
    three = zip(begun.parameters(), again.parameters(), learner.parameters(), strict=True)
    moved = [not torch.equal(a, c) for a, b, c in three if torch.equal(a, b)]
    assert len(moved) == len(list(begun.parameters()))
    assert any(moved)


def test_training_makes_a_learner_better(seen):
    learner, _ = train(FAMILIES["matching"], seen, seed=0, plan=replace(SMALL, effort=0.5))
    task = draw_seen(seen, n_tasks=40, n_query=2, generator=seeded(1))

    def right(one):
        return (answers(one, task.support, task.query.x) == task.query.y).float().mean()

    assert right(learner) > right(untrained(FAMILIES["matching"], seed=0)) + 0.2


def test_weights_over_inputs_are_read_as_shares(seen):
    task = draw_seen(seen, n_tasks=1, n_query=1, generator=seeded(0))
    found = INPUTS.read(untrained(INPUTS, seed=0), task.support, task.query.x, 0)
    torch.testing.assert_close(found.values.abs().sum(-1), torch.ones(1, 5))


def test_the_rows_of_the_targets_own_class_are_kept_in_their_order():
    y = torch.arange(25) % 5
    values = torch.arange(50.0).view(2, 25)
    kept = own_rows(Influence(values), Examples(torch.zeros(25, 1), y), torch.tensor([1, 4]))
    assert kept.values.tolist() == [[1, 6, 11, 16, 21], [29, 34, 39, 44, 49]]


def test_two_readings_of_a_row_are_kept_in_the_same_places():
    y = torch.arange(25) % 5
    support, target = Examples(torch.zeros(25, 1), y), torch.tensor([2])
    drawn = torch.randn(1, 25, generator=seeded(0))
    one = own_rows(Influence(drawn), support, target).values
    other = own_rows(Influence(3 * drawn), support, target).values
    torch.testing.assert_close(other, 3 * one)


def test_one_label_of_each_task_is_wrong_and_it_is_the_one_that_is_told():
    y = (torch.arange(25) % 5).repeat(200, 1)
    spoiled, row = mislabelled(Examples(torch.zeros(200, 25, 1), y), generator=seeded(0))
    differs = spoiled.y != y
    assert (differs.sum(-1) == 1).all()
    assert differs.float().argmax(-1).tolist() == row.tolist()
    assert set(spoiled.y.flatten().tolist()) == set(range(5))
    assert len(set(row.tolist())) > 20


def test_the_suspect_takes_most_from_the_answers_in_all():
    values = torch.tensor([[[1.0, -4.0, -3.0], [2.0, 3.0, -3.0]]])
    assert suspect(Influence(values)).tolist() == [2]
