"""After the road: adapting anew mends what the road broke, and nothing else was broken."""

import pytest
import torch

from metaxai_lab.classroom import city_mending, city_study
from metaxai_lab.core import seeded
from metaxai_lab.tasks.small_city import SmallCity

OPENED = 480


@pytest.fixture(scope="module")
def found():
    road, quiet = (
        SmallCity(n_stations=8, opened=o).draw(generator=seeded(3)) for o in (OPENED, None)
    )
    timeline = quiet.timeline(OPENED)
    lefts = [city_study.learn(city_study.without(timeline, p, 2), seed=p, steps=60) for p in (0, 1)]
    added = road.added[[*lefts[0].fold.out, *lefts[1].fold.out], 0]
    return (
        added,
        city_mending.mended(lefts, road, quiet, 20),
        city_mending.named(lefts, road, 20),
    )


def test_beside_the_road_adapting_anew_takes_most_of_the_error_off(found):
    added, errors, _ = found
    worst = added.argmax()
    assert float(added[worst]) > 8
    assert float(errors["mended"][worst]) < 0.5 * float(errors["in service"][worst])


def test_where_the_road_adds_nothing_the_two_cities_err_alike(found):
    added, errors, _ = found
    far = added < 0.05
    assert bool(far.any())
    assert torch.allclose(errors["in service"][far], errors["no road"][far], rtol=0.1)


def test_reasons_move_in_the_unit_of_the_city(found):
    added, _, moved = found
    assert 0.5 < float(moved[added.argmax(), 0]) < 10
