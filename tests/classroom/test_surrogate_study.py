"""The bench cuts a teacher's table in three, and its rivals get the same questions."""

import pytest
import torch

from metaxai_lab.classroom import surrogate_study as study
from metaxai_lab.explainers.labeller import Labeller


@pytest.fixture(scope="module")
def on():
    return study.bench(1, n_met=20)


def test_no_row_is_both_asked_or_labelled_and_judging(on):
    asked = on.asked(study.N_ASKABLE).x
    together = torch.cat([asked, on.unlabelled, on.judging], 1)
    assert together.shape[1] == sum((study.N_ASKABLE, study.N_UNLABELLED, study.N_JUDGED))
    assert torch.equal(together, on.unseen.rows)


def test_more_questions_begin_with_the_fewer_ones(on):
    assert torch.equal(on.asked(120).x[:, :30], on.asked(30).x)


def test_who_hears_classes_hears_1_and_minus_1_alone(on):
    assert set(on.asked(30, classes=True).y.unique().tolist()) == {-1.0, 1.0}


def test_a_tree_that_answers_like_the_teachers_gets_100_percent(on):
    assert float(on.marks(on.unseen).min()) == 100.0


def test_trees_from_the_teachers_own_labels_beat_cart_on_few(on):
    assert float(study.ceiling(on).mean()) > float(study.cart(on, 30).mean()) + 5


def test_jitter_moves_the_rows_that_judge_and_those_alone(on):
    jittered = on.jittered()
    assert float((jittered.judging - on.judging).std()) == pytest.approx(0.5, rel=0.01)
    assert torch.equal(jittered.unlabelled, on.unlabelled)


def test_untrained_labels_make_a_better_tree_than_none(on):
    marks = on.marks(study.tree_from(on, study.labels(Labeller(None), on, 30, steps=0)))
    assert float(marks.mean()) > 60


def test_paired_takes_the_difference_teacher_by_teacher():
    ours, theirs = (
        [torch.tensor([71.0, 82.0]), torch.tensor([93.0])],
        [
            torch.tensor([70.0, 80.0]),
            torch.tensor([90.0]),
        ],
    )
    lead = study.paired(ours, theirs)
    assert lead.mean == pytest.approx(2.0)
    assert lead.high - lead.mean == pytest.approx(4.3027 / 3**0.5, rel=1e-3)


def test_exchangeable_teachers_are_drawn_where_they_are_asked_for():
    relevance = study.bench(1, shared=False, n_met=20).met.relevance
    assert len(relevance.argmax(1).unique()) > 4


def test_who_met_nobody_gets_the_best_of_all_steps(on):
    by = Labeller(None)
    said = [study.labels(by, on, 30, steps=steps) for steps in study.ALONE]
    best = max(float(on.marks(study.tree_from(on, one)).mean()) for one in said)
    assert float(study.alone(on, 30).mean()) == best
