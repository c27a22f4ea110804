"""The stored record: five trainings of each kind, and intervals over them."""

import pytest

from metaxai_lab.classroom import meta_rl_record as record
from metaxai_lab.classroom import meta_rl_study as study
from metaxai_lab.classroom.record import Record


@pytest.mark.parametrize("who", record.STORED)
def test_every_kind_was_trained_with_every_seed(who):
    assert len(record.whole()[f"{who}, points, second"]) == len(record.SEEDS)


def test_differences_are_taken_seed_by_seed():
    kept = Record({}, {"a": [1.0, 2.0, 3.0], "b": [0.0, 1.0, 2.0]})
    found = record.over_seeds(kept, "a", "b")
    assert (found.mean, found.low, found.high) == pytest.approx((1, 1, 1))
    assert record.over_seeds(kept, "a").low < 1


def test_marks_of_several_seeds_are_gathered_by_name():
    found = dict(record.gathered("it", [{"x": 1.0, "y": 2.0}, {"x": 3.0, "y": 4.0}]))
    assert found == {"it, x": [1.0, 3.0], "it, y": [2.0, 4.0]}


def test_no_explanation_turns_more_pushes_than_the_best():
    found = record.explained(study.fresh("memory", 0), n_worlds=20)
    for name in ("attention", "gradient", "evidence", "latest", "drawn"):
        for half in ("", ", first", ", second"):
            assert found[f"turned by {name}{half}"] <= found[f"turned by best{half}"]


def test_a_policy_that_has_learned_nothing_lets_a_plain_cart_fall():
    found = record.on_plain(study.fresh("memory", 0), n_carts=4)
    assert found["plain CartPole, falls"] > 2
