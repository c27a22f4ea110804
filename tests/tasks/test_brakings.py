"""Brake tests: what is shared is found by a line through all of them."""

import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.brakings import MEAN, brakings, makers_of


def slopes(table):
    x = torch.cat([table.x, torch.ones(len(table.x), 1)], 1)
    return torch.linalg.lstsq(x, table.y[:, None]).solution[:, 0]


def test_a_line_through_many_cars_finds_the_physics_they_share():
    table = brakings(n_makers=60, n_cars=5, n_rows=60, generator=seeded(0))
    torch.testing.assert_close(slopes(table)[:3], torch.tensor(MEAN[:3]), atol=0.12, rtol=0.0)


def test_where_nothing_is_shared_the_mean_car_does_not_feel_water():
    table = brakings(n_makers=60, n_cars=5, n_rows=60, shared=False, generator=seeded(0))
    assert abs(float(slopes(table)[1])) < 0.2


def test_the_cars_of_a_maker_are_listed_under_its_letter():
    table = brakings(n_makers=2, n_cars=3, n_rows=5, generator=seeded(0))
    assert makers_of(table) == {"A": (0, 1, 2), "B": (3, 4, 5)}
