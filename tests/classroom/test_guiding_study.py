"""The families, the training and the errors of the chapter, on small runs."""

import torch

from metaxai_lab.classroom import guiding_study as study
from metaxai_lab.core import seeded
from metaxai_lab.learners import FeatureGates, Gates, Guided


def blocks_of(family):
    columns = study.relevant(study.unseen(family=family, n_tasks=30)).nonzero()[:, 1]
    return (columns.view(30, 6) // 8).float().std(1)


def test_the_shared_family_acts_in_one_block_and_the_loose_one_does_not():
    assert (blocks_of(study.SHARED) == 0).all()
    assert (blocks_of(study.LOOSE) > 0).all()


def test_true_sizes_are_those_of_the_unseen_tasks():
    sizes = study.true_sizes(seed=3)
    assert torch.equal(sizes > 0, study.relevant(study.unseen(seed=3)))


def test_given_tasks_come_again_with_rows_split_anew():
    draw = study._again(study.SHARED, 2, seed=0)
    first, second = draw(seeded(0)), draw(seeded(1))
    both = torch.cat([first.support.y, first.query.y], 1)
    assert len(both.unique()) == 2 * 60  # two tasks of 60 rows, none twice within a task
    assert set(second.support.y.flatten().tolist()) <= set(both.flatten().tolist())
    assert len(first.support.y.unique()) > 2 * study.ROWS  # one task, other rows in the support


def test_one_seed_makes_one_learner_and_counts_its_tasks():
    one, again = (study.train(aware=False, steps=2, seed=0) for _ in range(2))
    other = study.train(aware=False, steps=2, seed=1)
    first, second, third = (t.learner.gates.open.weight for t in (one, again, other))
    assert torch.equal(first, second)
    assert not torch.equal(first, third)
    assert one.n_met == 2 * study.plan().n_at_once


def test_the_gates_of_others_guide_a_learner_to_another_model():
    learner = Guided(FeatureGates())
    judged = study.unseen(n_tasks=3)
    own = study.adapted(learner, judged)
    others = Gates(own.gates.logits.roll(1, -1), own.gates.spread.roll(1, -1))
    found = study.adapted(learner, judged, others)
    assert found.gates is others
    assert not torch.allclose(found.weights, own.weights)
    assert not found.weights.requires_grad


def test_fewer_rows_are_the_first_rows():
    judged = study.unseen(n_tasks=2)
    fewer = study.with_rows(judged, 5)
    assert torch.equal(fewer.support.x, judged.support.x[:, :5])
    assert torch.equal(fewer.query.y, judged.query.y)


def test_the_first_tasks_keep_their_truth():
    judged = study.unseen(n_tasks=3)
    one = study.first(judged, 1)
    assert torch.equal(study.relevant(one), study.relevant(judged)[:1])
    assert torch.equal(one.support.y, judged.support.y[:1])
