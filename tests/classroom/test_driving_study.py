"""Who arrives: the expert does, and who never brakes does not; what is felt is a mean by hand."""

import torch

from metaxai_lab.classroom.driving_judges import harm, outcomes, says_bend
from metaxai_lab.classroom.driving_study import (
    Plan,
    by_net,
    expert,
    felt_grip,
    known_at,
    never,
    train,
)


def test_the_expert_arrives_on_every_road():
    assert harm(outcomes(expert, seed=1, n=200)) == 0


def test_who_never_brakes_is_harmed_nearly_always():
    assert harm(outcomes(never, seed=1, n=200, tap=0)) > 150


def test_the_grip_felt_is_the_mean_over_braked_steps_that_are_known():
    past = torch.zeros(1, 80, 3)
    past[0, 0] = torch.tensor([1.0, -0.8, 0.5])
    past[0, 1] = torch.tensor([1.0, -0.6, 0.5])
    past[0, 2] = torch.tensor([0.0, 0.2, 0.5])
    found = felt_grip(past, known_at(torch.tensor([1, 3])))
    torch.testing.assert_close(found, torch.tensor([[4.0, 3.5]]))


def test_one_seed_gives_one_driver():
    size = Plan(rounds=1, steps=3, trips=64)
    one, other = train(0, size=size), train(0, size=size)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_a_driver_that_learned_nothing_leaves_no_trip_going():
    driven = outcomes(by_net(train(0, size=Plan(rounds=1, steps=1, trips=64))), seed=0, n=50)
    assert bool((driven.end > 0).all())


def test_the_bend_is_named_where_its_columns_push_more():
    values = torch.tensor([[1.0, 0.0, 1.0, 0.5, 0.5, 9.0], [0.1, 9.0, 0.1, 0.3, 0.3, 0.0]])
    assert says_bend(values).tolist() == [False, True]
