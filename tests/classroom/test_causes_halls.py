"""Marks by hand, and each learner on factories that no page shows."""

import pytest
import torch

from metaxai_lab.classroom import causes_halls as lines
from metaxai_lab.core import seeded
from metaxai_lab.tasks.environments import draw_halls


@pytest.fixture(scope="module")
def halls():
    return draw_halls(10, 5, 600, generator=seeded(100))


def test_marks_of_lines_that_are_known(halls):
    zero = torch.zeros(10, 4).double()
    causes, hum = zero.clone(), zero.clone()
    causes[:, :2], hum[:, 2] = 1.0, 1.0
    assert lines.judged(causes, halls).clear.all()
    assert lines.judged(hum, halls).misled.all()
    nothing = lines.judged(zero, halls)
    assert not nothing.misled.any()
    assert not nothing.clear.any()
    assert torch.allclose(nothing.new, torch.ones(10).double())


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
