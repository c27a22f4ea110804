"""A road's steps against values by hand; trips end, are counted, and stay as they are."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.road import HORIZON, End, Roads, draw_roads, spare


def one_road(gap=50.0, speed=10.0, ahead=10.0, to_bend=200.0, radius=100.0, friction=0.5):
    start = torch.tensor([[gap, speed, ahead, to_bend, radius]])
    still = torch.zeros(1, HORIZON)
    return Roads(torch.full((1, HORIZON), friction), start, still, still)


def test_a_braked_step_is_the_one_worked_out_by_hand():
    trip = one_road().begin().after(torch.tensor([True]))
    slower = 10 - 0.5 * 9.81 * 0.5
    driven = (10 + slower) / 2 * 0.5
    expected = torch.tensor([[50 + 5 - driven, slower, 10.0, 200 - driven, 100.0]])
    torch.testing.assert_close(trip.seen, expected)


def test_what_is_felt_in_a_braked_step_is_the_grip():
    trip = one_road().begin().after(torch.tensor([True]))
    torch.testing.assert_close(-trip.felt, torch.tensor([0.5 * 9.81]))


def test_a_gap_that_is_gone_is_a_collision():
    trip = one_road(gap=1.0, ahead=0.0).begin().after(torch.tensor([False]))
    assert trip.end.tolist() == [End.COLLIDED]


def test_who_is_too_fast_in_the_bend_leaves_the_road():
    trip = one_road(to_bend=1.0, radius=10.0).begin().after(torch.tensor([False]))
    assert trip.end.tolist() == [End.LEFT_ROAD]


def test_a_trip_that_has_ended_stays_as_it_is():
    trip = one_road(gap=1.0, ahead=0.0).begin().after(torch.tensor([False]))
    later = trip.after(torch.tensor([False]))
    assert torch.equal(later.seen, trip.seen)


def test_every_trip_ends_at_the_horizon():
    trip = draw_roads(50, generator=seeded(0)).begin()
    for _ in range(HORIZON):
        trip = trip.after(torch.zeros(50, dtype=torch.bool))
    assert not bool(trip.going.any())


def test_the_room_to_a_standing_car_is_the_one_worked_out_by_hand():
    seen = torch.tensor([[100.0, 20.0, 0.0, 200.0, 150.0]])
    car = spare(seen, torch.tensor([4.0]))[0, 0]  # at the fastest: drives 10 m, then brakes
    torch.testing.assert_close(car, torch.tensor(100 - 10 - 1.1 * 400 / 8 - 3.0))


def test_a_road_becomes_wet_from_its_step_on():
    friction = draw_roads(3, kept=0.5, generator=seeded(0)).friction
    torch.testing.assert_close(friction[:, 20:], friction[:, :1].expand(-1, 60) / 2)


def test_a_friction_of_nought_is_refused():
    with pytest.raises(ValueError, match="frictions are above 0"):
        draw_roads(3, frictions=(0.0, 0.5), generator=seeded(0))
