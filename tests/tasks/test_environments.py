"""Halls differ in the hum alone; what the learner sees is what was planted."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.environments import COLUMNS, ELSEWHERE, HUMS, NARROW, draw_halls


def hums_of(models):
    return models.weights[..., models.place("hum"), models.place("age")]


def test_shapes_and_that_age_is_hidden():
    halls = draw_halls(3, 4, 20, generator=seeded(0))
    assert halls.known.x.shape == (3, 4, 20, len(COLUMNS))
    assert halls.new.x.shape == (3, 1, 20, len(COLUMNS))
    assert "age" not in COLUMNS


def test_halls_of_a_factory_differ_in_the_hum_and_in_nothing_else():
    models = draw_halls(3, 4, 5, generator=seeded(1)).models
    hum = models.place("hum")
    other = models.weights.clone()
    other[..., hum, :] = 0
    assert torch.equal(other, other[:, :1].expand_as(other))
    assert torch.equal(models.noise, models.noise[:, :1].expand_as(models.noise))
    hums = hums_of(models)
    assert (hums.diff(dim=1) > 0).all()
    assert HUMS[0] <= hums.min() <= hums.max() <= HUMS[1]


def test_halls_of_a_narrow_kind_never_turn():
    draws = (draw_halls(30, 5, 2, hums=NARROW, generator=seeded(s)).models for s in range(3))
    hums = torch.stack([hums_of(models) for models in draws])
    assert NARROW[0] <= hums.min() < 0.1
    assert 1.9 < hums.max() <= NARROW[1]


def test_halls_that_do_not_differ_are_alike():
    hums = hums_of(draw_halls(3, 4, 5, differ=0.0, generator=seeded(1)).models)
    assert torch.allclose(hums, torch.full_like(hums, sum(HUMS) / 2))


def test_in_the_new_hall_the_hum_goes_along_with_wear_the_other_way():
    halls = draw_halls(20, 3, 2000, generator=seeded(2))
    hum = halls.new.x[..., COLUMNS.index("hum")]
    along = (hum * halls.new.y).mean(-1)
    assert (along < 0).all()
    assert ELSEWHERE[1] < 0


def test_bad_sizes_are_refused():
    with pytest.raises(ValueError, match="differ lies between 0"):
        draw_halls(1, 1, 1, differ=2.0, generator=seeded(0))
    with pytest.raises(ValueError, match="n_halls"):
        draw_halls(1, 0, 1, generator=seeded(0))
