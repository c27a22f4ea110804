"""The machinery of the page is judged by what it must not change, and by planted truth."""

import pytest
import torch

from metaxai_lab.classroom import trees_study as study
from metaxai_lab.core import seeded
from metaxai_lab.explainers import distil_tree

SMALL = study.Plan(1, 150, 200, 2)


@pytest.fixture(scope="module")
def teachers():
    return study.random_teachers(SMALL, generator=seeded(0))


def test_each_family_gives_teachers_with_rows(teachers):
    assert len(teachers) == 3
    for teacher in teachers:
        assert (len(teacher.asked), len(teacher.new)) == (150, 200)
        both = torch.cat([teacher.asked, teacher.new])
        assert float((teacher.model(both) > 0).float().mean()) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", study.SHAPES)
def test_every_shape_is_measured(teachers, name):
    found = study.measured(study.SHAPES[name](teachers[0].model, teachers[0].asked), teachers[0])
    assert 0.5 < found.asked <= 1
    assert found.rule_length < found.n_leaves + 13


def test_a_greedy_tree_never_beats_the_optimal_one_on_its_own_questions(teachers):
    for teacher in teachers:
        best = study.SHAPES["optimal, depth 3"](teacher.model, teacher.asked)
        greedy = study.greedy_on_the_same_questions(teacher)
        assert study.measured(best, teacher).asked >= greedy.asked


def test_exchanged_rows_keep_every_column():
    x = torch.randn(50, 3, generator=seeded(0))
    found = study.exchanged(x, 2, generator=seeded(1))
    assert found.shape == (100, 3)
    for part in found.split(50):
        assert torch.equal(part.sort(0).values, x.sort(0).values)


def test_exchanged_rows_lose_the_correlation_of_columns():
    x = torch.randn(2000, 1, generator=seeded(0)).expand(-1, 2)
    found = study.exchanged(x, generator=seeded(1))
    assert abs(float(torch.corrcoef(found.T)[0, 1])) < 0.1


def test_trees_that_are_the_same_share_all(teachers):
    tree = distil_tree(teachers[0].model, teachers[0].asked, depth=2)
    assert study.likeness([tree, tree], teachers[0].new) == (1, 1)


def test_the_share_of_columns_is_counted_by_hand():
    x = torch.randn(200, 2, generator=seeded(0))
    one = distil_tree(lambda x: x[..., :1], x, depth=1)
    other = distil_tree(lambda x: x[..., 1:] * x[..., :1], x, depth=2)
    agree, shared = study.likeness([one, other], x)
    assert study.columns_asked(one) == {0}
    assert shared == 1 / len(study.columns_asked(other) | {0})
    assert agree < 1


def test_resampled_trees_differ(teachers):
    trees = study.resampled_trees(
        teachers[0].model, teachers[0].asked, 3, depth=3, generator=seeded(0)
    )
    assert len({tree.text() for tree in trees}) > 1


def test_a_planted_teacher_reads_the_columns_that_are_named():
    teacher, read = study.planted_teacher(0.9, n_rows=100, seed=0)
    assert int(read.sum()) == 3
    other = torch.where(read, teacher.asked, torch.zeros(()))
    torch.testing.assert_close(teacher.model(other), teacher.model(teacher.asked))
