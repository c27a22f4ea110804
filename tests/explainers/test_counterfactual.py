"""The exact change of a linear model: by hand, by enumeration of all steps, and what it may not."""

from itertools import product

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.counterfactual import Allowed, linear_counterfactual


def allowed(way=("both", "both", "both"), price=(1.0, 1.0, 1.0), reach=None):
    return Allowed(
        torch.zeros(3),
        torch.full((3,), 10.0),
        torch.tensor([1.0, 0.5, 2.0]),
        torch.tensor(price),
        way,
        None if reach is None else torch.tensor(reach),
    )


WEIGHTS = torch.tensor([2.0, -1.0, 0.5])


def random_rows(n=12, seed=0):
    g = seeded(seed)
    rows = torch.randint(0, 11, (n, 3), generator=g).float()
    return torch.stack([rows[:, 0], rows[:, 1] / 2 + 2, (rows[:, 2] / 2).floor() * 2], 1)


def test_one_column_needs_the_gap_over_its_weight_rounded_up():
    # f = 2 * 1 - 1 * 4 + 0.5 * 4 = 0, bound 3: two steps of the first column give 4
    row = torch.tensor([[1.0, 4.0, 4.0]])
    found = linear_counterfactual(
        WEIGHTS, 0.0, row, allowed(("up", "never", "never")), bound=3.0, most=1
    )
    assert found.changed.tolist() == [[3.0, 4.0, 4.0]]
    assert found.cost.tolist() == [2.0]


def test_a_column_with_a_negative_weight_goes_down():
    row = torch.tensor([[1.0, 4.0, 4.0]])
    found = linear_counterfactual(
        WEIGHTS, 0.0, row, allowed(("never", "down", "never")), bound=1.2, most=1
    )
    assert found.changed.tolist() == [[1.0, 2.5, 4.0]]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_the_cheapest_is_that_of_all_steps_tried(most):
    rules = allowed(price=(3.0, 1.3, 0.7))
    rows = random_rows()
    found = linear_counterfactual(WEIGHTS, 0.0, rows, rules, bound=9.1, margin=0.0, most=most)
    for row, cost in zip(rows, found.cost, strict=True):
        assert float(cost) == pytest.approx(cheapest(row, rules, 9.1, most))


def cheapest(row, rules, bound, most):
    """Return the least price of all steps within the ranges that reach the bound."""
    ways = [
        [(v - x) / s for v in torch.arange(0, 10 + float(s), float(s)).tolist() if v <= 10]
        for x, s in zip(row.tolist(), rules.step, strict=True)
    ]
    best = torch.inf
    for steps in product(*ways):
        moved = row + torch.tensor(steps) * rules.step
        sparse = sum(step != 0 for step in steps) <= most
        if sparse and float(moved @ WEIGHTS) >= bound - 1e-5:
            best = min(best, float((torch.tensor(steps).abs() * rules.price).sum()))
    return best


def test_the_fewest_columns_come_before_the_price():
    # the first column alone costs 2 x 3; the second and third together cost less
    rules, row = allowed(price=(30.0, 1.0, 1.0)), torch.tensor([[1.0, 4.0, 4.0]])
    both = {
        how: linear_counterfactual(WEIGHTS, 0.0, row, rules, bound=5.5, prefer=how)
        for how in ("fewest", "cheapest")
    }
    assert int((both["fewest"].steps != 0).sum()) == 1
    assert int((both["cheapest"].steps != 0).sum()) == 2
    assert float(both["cheapest"].cost) < float(both["fewest"].cost)


def test_what_may_never_change_and_the_way_of_each_column_are_kept():
    rules = allowed(("up", "down", "never"), reach=(2, 3, 9))
    rows = random_rows(60)
    steps = linear_counterfactual(WEIGHTS, 0.0, rows, rules, bound=8.0).steps
    assert bool((steps[:, 0] >= 0).all())
    assert bool((steps[:, 1] <= 0).all())
    assert not bool(steps[:, 2].any())
    assert int(steps[:, 0].max()) == 2
    assert int(steps[:, 1].min()) == -3


def test_the_values_stay_within_their_ranges():
    found = linear_counterfactual(WEIGHTS, 0.0, random_rows(60), allowed(), bound=16.0)
    assert bool(found.found.any())
    assert bool(((found.changed >= 0) & (found.changed <= 10)).all())


def test_what_is_out_of_reach_is_said():
    found = linear_counterfactual(WEIGHTS, 0.0, random_rows(3), allowed(), bound=1000.0)
    assert not bool(found.found.any())
    assert found.sentence(0, "abc") == "nothing within the allowed changes turns the answer"


def test_a_sentence_names_each_column_with_its_new_and_its_old_value():
    row = torch.tensor([[1.0, 4.0, 4.0]])
    rules = allowed(("up", "never", "never"))
    found = linear_counterfactual(WEIGHTS, 0.0, row, rules, bound=3.0)
    said = found.sentence(0, ("income", "b", "c"), ("thousand", "", ""))
    assert said == "income 3.0 instead of 1.0 (thousand)"


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match=r"up, down, both or never; found 3, .* \['left'\]"):
        allowed(("up", "left", "down"))


def test_an_unknown_preference_is_refused():
    with pytest.raises(ValueError, match="'cheapest' or 'fewest'"):
        linear_counterfactual(WEIGHTS, 0.0, random_rows(), allowed(), bound=1.0, prefer="best")


def test_a_row_with_a_yes_needs_no_change():
    row = torch.tensor([[9.0, 2.0, 4.0]])
    found = linear_counterfactual(WEIGHTS, 0.0, row, allowed(), bound=3.0)
    assert found.cost.tolist() == [0.0]
    assert torch.equal(found.changed, row)
