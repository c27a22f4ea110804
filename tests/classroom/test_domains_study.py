"""The study of domains: who is trained on what, and that all are judged on the same new classes."""

import torch

from metaxai_lab.classroom import domains_study as study
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks.domain_drawing import domain

TINY = study.Plan(steps=2, n_asked=8, n_tasks=2, n_judged=6)


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
