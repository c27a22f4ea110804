"""Marks by hand, and each learner on factories that no page shows."""

import pytest
import torch

from metaxai_lab.classroom import causes_halls as lines
from metaxai_lab.core import seeded
from metaxai_lab.tasks.environments import NARROW, draw_halls


@pytest.fixture(scope="module")
def halls():
    return draw_halls(20, 5, 1000, generator=seeded(100))  # as large as on the page


def test_marks_of_lines_that_are_known(halls):
    zero = torch.zeros(20, 4).double()
    causes, hum = zero.clone(), zero.clone()
    causes[:, :2], hum[:, 2] = 1.0, 1.0
    assert lines.judged(causes, halls).clear.all()
    assert lines.judged(hum, halls).misled.all()
    nothing = lines.judged(zero, halls)
    assert not nothing.misled.any()
    assert not nothing.clear.any()
    assert torch.allclose(nothing.new, torch.ones(20).double())


def test_pooled_is_least_squares(halls):
    x, y = halls.known.x, halls.known.y
    x = (x - x.mean(-2, keepdim=True)).flatten(1, 2)
    y = (y - y.mean(-1, keepdim=True)).flatten(1, 2)
    assert torch.allclose(
        lines.pooled(halls.known), torch.linalg.lstsq(x, y[..., None]).solution[..., 0]
    )


@pytest.mark.parametrize("name", ["invariant", "V-REx", "tested subset"])
def test_what_looks_at_halls_finds_the_causes_and_pooled_does_not(halls, name):
    marks = lines.judged(lines.LEARNERS[name](halls.known), halls)
    pooled = lines.judged(lines.pooled(halls.known), halls)
    assert marks.clear.double().mean() >= 0.9
    assert pooled.clear.double().mean() <= 0.1
    assert (pooled.here < marks.here).all()
    assert (pooled.new > marks.new).all()


def test_without_a_penalty_rivals_are_the_pooled_line(halls):
    for kind in lines.PENALTY:
        line = lines.penalised(halls.known, kind, weight=0.0)
        assert torch.allclose(line, lines.pooled(halls.known), atol=0.01)


def test_in_narrow_halls_a_strict_learner_is_not_misled_and_a_lenient_one_is():
    halls = draw_halls(20, 5, 1000, hums=NARROW, generator=seeded(101))
    strict, lenient = (
        lines.judged(lines.invariant(halls.known, strict=s), halls) for s in (lines.STRICT, 3.0)
    )
    assert strict.misled.double().mean() <= 0.1
    assert lenient.misled.double().mean() >= 0.3


def test_who_is_set_right_by_hand(halls):
    def causes_alone(rows):
        return torch.tensor([1.0, 1.0, 0.0, 0.0]).double().expand(len(rows.x), 4)

    misled = float(lines.judged(lines.pooled(halls.known), halls).misled.double().mean())
    assert lines.set_right(causes_alone, [halls, halls]) == ([misled, misled], 1.0)
    assert lines.set_right(lines.pooled, [halls])[0] == [0.0]
