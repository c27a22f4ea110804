"""Stand-ins for an absent column: which they are, and that the judge gets each of them."""

import pytest
import torch

from metaxai_lab.core import Attribution, Score, seeded
from metaxai_lab.evaluation import deletion, fills_of, under_fills
from metaxai_lab.evaluation.fills import averaged

BACKGROUND = torch.tensor([[0.0, 5.0], [2.0, 1.0], [7.0, 3.0]])
ROW = Attribution(torch.tensor([[2.0, 1.0]]), torch.ones(1, 2), torch.zeros(1), torch.zeros(1))


def total(x):
    return x.sum(-1, keepdim=True)


def deleted(attribution, *, fill):
    return deletion(total, attribution, target=0, fill=fill, unit="output", generator=seeded(0))


def test_four_fills_worked_by_hand_and_rows_of_the_background():
    found = fills_of(BACKGROUND, n_rows=2)
    assert found["mean"].tolist() == [3, 3]
    assert found["median"].tolist() == [2, 3]
    assert found["minimum"].tolist() == [0, 1]
    assert found["maximum"].tolist() == [7, 5]
    assert found["rows"].tolist() == [[0, 5], [2, 1]]


def test_the_area_is_that_under_each_fill():
    # the sum goes 2, 1 + fill of column 0, sum of the fill; trapezoids over two steps
    marks = {
        name: score.mean
        for name, score in under_fills(deleted, ROW, fills_of(BACKGROUND, n_rows=3)).items()
    }
    areas = [((2 + 1 + a) / 2 + (1 + a + a + b) / 2) / 2 for a, b in BACKGROUND.tolist()]
    assert marks["minimum"] == pytest.approx((1.5 + 1) / 2)
    assert marks["rows"] == pytest.approx(sum(areas) / 3)


def test_a_mean_keeps_chance_direction_and_name():
    marks = [Score("x", torch.ones(2) * n, torch.zeros(2) + n, False, ("fill",)) for n in (1, 2)]
    found = averaged(marks)
    assert (found.mean, found.mean_chance, found.higher_is_better) == (1.5, 1.5, False)
    assert (found.name, found.sensitive_to) == ("x", ("fill",))


def test_a_mean_with_a_mark_without_chance_has_none():
    one = Score("x", torch.ones(2), torch.ones(2))
    assert averaged([one, Score("x", torch.ones(2))]).chance is None


@pytest.mark.parametrize("n_rows", [0, 4])
def test_rows_that_the_background_lacks_are_refused(n_rows):
    with pytest.raises(ValueError, match=f"1 to 3; found {n_rows}"):
        fills_of(BACKGROUND, n_rows=n_rows)


def test_a_mean_of_no_marks_is_refused():
    with pytest.raises(ValueError, match="found none"):
        averaged([])
