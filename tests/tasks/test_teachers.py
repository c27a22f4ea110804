"""Teachers of a related family care for the same columns; of an exchangeable one, for their own."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.teachers import SIZES, TeacherFamily

ORDER = tuple(reversed(range(len(SIZES))))


def drawn(n=12, *, n_rows=60, **settings):
    return TeacherFamily(ORDER, **settings).teachers(n, n_rows=n_rows, generator=seeded(0))


def test_related_teachers_agree_on_the_columns_that_matter():
    top = drawn().relevance[:, ORDER[:3]].amin(1)
    rest = drawn().relevance[:, ORDER[6:]].amax(1)
    assert bool((top > rest).all())


def test_exchangeable_teachers_have_the_same_sizes_on_columns_of_their_own():
    relevance = drawn(400, n_rows=2, shared=False).relevance
    mean = relevance.mean(0)
    assert float(mean.max() / mean.min()) < 1.5
    least = 0.6 * torch.tensor(SIZES).sum()
    assert bool((relevance.sum(1) > least).all())


def test_half_of_the_rows_of_a_table_are_of_each_class():
    share = (drawn(n_rows=61).answers > 0).double().mean(1)
    assert torch.allclose(share, torch.full_like(share, 30 / 61))


def test_what_teachers_answered_is_what_they_answer():
    teachers = drawn()
    assert torch.allclose(teachers(teachers.rows)[..., 0], teachers.answers, atol=1e-5)


def test_a_column_of_no_relevance_moves_no_answer():
    sizes = (1.0, 0.5, 0.0)
    family = TeacherFamily((2, 0, 1), sizes=sizes)
    teachers = family.teachers(8, n_rows=20, generator=seeded(1))
    moved = teachers.rows.clone()
    moved[..., 1] += 3.0
    assert torch.allclose(teachers(moved), teachers(teachers.rows), atol=1e-5)
    moved[..., 2] += 3.0
    assert not torch.allclose(teachers(moved), teachers(teachers.rows), atol=1e-2)


def test_an_episode_holds_each_row_once_with_its_answer():
    teachers = drawn(3, n_rows=10)
    got = teachers.episode(n_asked=4, n_query=6, n_teachers=5, generator=seeded(2))
    rows = torch.cat([got.support.x, got.query.x], 1)
    answers = torch.cat([got.support.y, got.query.y], 1)
    assert all(len(one.unique(dim=0)) == 10 for one in rows)
    tables = teachers.rows.flatten(0, 1)
    for row, answer in zip(rows.flatten(0, 1), answers.flatten(), strict=True):
        at = (tables == row).all(1).nonzero()[0]
        assert float(teachers.answers.flatten()[at]) == float(answer)


def test_an_episode_of_more_rows_than_there_are_is_refused():
    with pytest.raises(ValueError, match=r"takes n_asked \+ n_query = 61 rows"):
        drawn().episode(n_asked=60, n_query=1, n_teachers=1, generator=seeded(0))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"order": (0, 0, 1)}, "each once"), ({"kinds": ("oracles",)}, "kinds are among")],
)
def test_a_family_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        TeacherFamily(**wrong)


def test_no_teachers_are_refused():
    with pytest.raises(ValueError, match="found 0, 12 and 5"):
        TeacherFamily().teachers(0, n_rows=5, generator=seeded(0))
