"""Training two attentions: a few steps of each, what differs, and the imitator's two rewards."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import judged_study as study
from metaxai_lab.classroom.judged_eye import Front, new_tasks, seen_through, through
from metaxai_lab.classroom.judged_marks import right
from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.evaluation.other_attention import jensen_shannon
from metaxai_lab.learners import ConvEncoder
from metaxai_lab.tasks import glyphs

PLAN = replace(study.plan(), support_steps=30, map_steps=60, twin_steps=60)


@pytest.fixture(scope="module")
def maps():
    with initialised_with(seeded(0)):
        eye = ConvEncoder().eval()
    front = Front(eye, 2, glyphs("validation"))
    (seen,) = seen_through(front, glyphs("validation"))
    return seen, through(front, new_tasks(glyphs("test"), n_tasks=8, seed=0))


def alike(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


@pytest.mark.parametrize("values", ["labels", "inputs"])
def test_attention_over_examples_is_trained_from_its_seed(values, maps):
    one, same = (study.train_support(values, maps[0], seed=3, plan=PLAN) for _ in range(2))
    assert alike(one, same)
    assert one.values == values


def test_the_printed_form_is_trained_from_its_seed(maps):
    assert alike(*(study.train_printed(maps[0], seed=3, steps=2) for _ in range(2)))


def test_a_guided_learner_keeps_the_weights_of_its_guide(maps):
    guide = study.train_maps(maps[0], seed=0, plan=PLAN)
    learner = study.guided(guide, maps[0], seed=0, plan=PLAN)
    cells = guide.cells(maps[1].query.x)
    assert torch.equal(learner.weigh(cells), guide.weigh(cells))
    assert not torch.equal(learner.content.place, guide.content.place)


def test_shuffled_labels_train_another_learner(maps):
    plan = replace(PLAN, map_steps=3)
    learners = [study.train_maps(maps[0], seed=0, plan=plan, shuffled=s) for s in (False, True)]
    assert not alike(*learners)


def test_attention_over_cells_learns_new_letters(maps):
    learner = study.train_maps(maps[0], seed=0, plan=PLAN)
    assert right(learner, maps[1]) > 0.4


def test_an_imitator_looks_elsewhere_only_if_it_is_paid_for_it(maps):
    teacher = study.train_maps(maps[0], seed=0, plan=PLAN)

    def far(unlike):
        twin = study.imitator(teacher, maps[0], unlike=unlike, seed=0, plan=PLAN)
        x = maps[1].query.x
        with torch.no_grad():
            return float(jensen_shannon(*(e.weigh(e.cells(x)) for e in (teacher, twin))).mean())

    assert far(2.0) > far(0.0) + 0.1
