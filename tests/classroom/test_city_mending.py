"""After the road: adapting anew mends what the road broke, and nothing else was broken."""

import pytest
import torch

from metaxai_lab.classroom import city_drift, city_mending, city_study
from metaxai_lab.core import seeded
from metaxai_lab.tasks.small_city import SmallCity

OPENED = 480


@pytest.fixture(scope="module")
def twins():
    road, quiet = (
        SmallCity(n_stations=8, opened=o).draw(generator=seeded(3)) for o in (OPENED, None)
    )
    timeline = quiet.timeline(OPENED)
    lefts = [city_study.learn(city_study.without(timeline, p, 2), seed=p, steps=60) for p in (0, 1)]
    return lefts, road, quiet


@pytest.fixture(scope="module")
def found(twins):
    lefts, road, quiet = twins
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


def test_each_repair_of_one_number_leaves_nothing_of_its_kind(twins):
    lefts, road, _ = twins
    served = city_drift.in_service(lefts[0], road, lefts[0].fold.out, city_drift.BEGUN)
    models = city_mending.repairs(served, OPENED + 20, 20, 4.0)
    x, dust = served.days[OPENED : OPENED + 20], served.dust[:, OPENED : OPENED + 20]
    missed = {
        name: dust - models[name](x.expand(len(dust), -1, -1))[..., 0]
        for name in ("in service", "level shifted", "traffic times")
    }
    assert torch.allclose(missed["level shifted"].mean(1), torch.zeros(4), atol=1e-4)
    left = (missed["traffic times"] * (x[:, 0] + 4.0)).sum(1)
    assert torch.allclose(left, torch.zeros(4), atol=1e-3)
    assert float(missed["in service"].mean(1).abs().max()) > 0.1


def test_one_weight_anew_leaves_the_others_and_the_level(twins):
    lefts, road, _ = twins
    served = city_drift.in_service(lefts[0], road, lefts[0].fold.out, city_drift.BEGUN)
    models = city_mending.repairs(served, OPENED + 20, 20, 4.0)
    one, whole, old = (models[n] for n in ("traffic's weight", "mended", "in service"))
    assert torch.allclose(one.weights[:, 0], whole.weights[:, 0])
    assert torch.equal(one.weights[:, 1:], old.weights[:, 1:])
    assert torch.equal(one.intercept, old.intercept)
