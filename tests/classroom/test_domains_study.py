"""The study of domains: who is trained on what, and that all are judged on the same new classes."""

import torch

from metaxai_lab.classroom import domains_study as study
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks.domain_drawing import domain

TINY = study.Plan(steps=2, home_steps=1, n_shown=2, n_asked=8, n_tasks=2, n_judged=6)


def test_judged_classes_are_none_of_those_at_home():
    taught, judged = domain("accents").halves(seed=study.SPLIT)
    assert not {*taught.pictures.names} & {*judged.pictures.names}
    shown = {tuple(row.tolist()) for row in (judged.pictures.pixels > 0)}
    for task in study.kept("accents", 3, seed=0):
        rows = task.query.x + judged.blank > 0
        assert all(tuple(row.tolist()) in shown for row in rows)


def test_tasks_are_the_same_for_all_learners_and_others_for_another_seed():
    one, again, other = (study.kept("digits", 2, seed=seed, most=6) for seed in (0, 0, 1))
    assert all(a.query.x.equal(b.query.x) for a, b in zip(one, again, strict=True))
    assert not one[0].query.x.equal(other[0].query.x)


def test_some_rows_are_asked_with_their_labels_and_truth():
    x = torch.arange(12.0)[:, None]
    task = Episode(Examples(x, torch.arange(12)), Examples(x, torch.arange(12)), x > 5)
    few = study.some_asked(task, 4, generator=seeded(0))
    assert len(few.query.y) == 4
    assert few.query.x[:, 0].long().equal(few.query.y)
    assert few.truth.equal(few.query.x > 5)
    assert study.some_asked(task, 12, generator=seeded(0)) is task


def test_a_class_shows_its_first_rows_and_the_query_stays():
    x = torch.arange(6.0)[:, None]
    task = Episode(
        Examples(x, torch.tensor([0, 0, 0, 1, 2, 2])), Examples(x, torch.zeros(6).long())
    )
    few = study.some_shown(task, 2)
    assert few.support.y.tolist() == [0, 0, 1, 2, 2]
    assert few.support.x[:, 0].tolist() == [0, 1, 3, 4, 5]
    assert few.query is task.query


def test_training_is_on_tasks_in_other_looks_and_judging_is_not(monkeypatch):
    seen = []
    monkeypatch.setattr(study, "varied", lambda task, generator: seen.append(task) or task)
    study.train([domain("digits")], seed=0, steps=3, plan=TINY)
    assert len(seen) == 3
    assert all(len(task.query.y) == TINY.n_asked for task in seen)
    assert all(int(task.support.y.bincount().max()) <= TINY.n_shown for task in seen)
    study.kept("digits", 2, seed=0)
    assert len(seen) == 3


def test_home_is_trained_for_its_own_number_of_steps(monkeypatch):
    steps = []
    nobody = study.fresh(0)
    monkeypatch.setattr(study, "train", lambda _, **how: steps.append(how["steps"]) or nobody)
    study.three("letters", seed=7, plan=TINY)
    assert steps == [TINY.steps, TINY.home_steps]


def test_the_three_begin_alike_and_only_two_have_moved():
    three = study.three("digits", seed=0, plan=TINY)
    assert list(three) == list(study.WHO)
    fresh = study.fresh(0)
    pairs = {w: zip(m.parameters(), fresh.parameters(), strict=True) for w, m in three.items()}
    same = {who: all(a.equal(b) for a, b in pair) for who, pair in pairs.items()}
    assert same == {"transferred": False, "at home": False, "untrained": True}


def test_the_transferred_learner_has_not_met_the_domain_that_is_left_out(monkeypatch):
    met = []
    real = study.train

    def watched(domains, **how):
        met.append([one.name for one in domains])
        return real(domains, **how)

    monkeypatch.setattr(study, "train", watched)
    study.three("signs", seed=5, plan=TINY)
    assert met == [["letters", "digits", "accents", "scenes"], ["signs"]]
