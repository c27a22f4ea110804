"""Gates across families: what three columns carry, by hand; what untrained gates do not know."""

import pytest
import torch

from metaxai_lab.classroom import domains_gates as gates
from metaxai_lab.core import seeded


def carried(slopes, order, **how):
    x = torch.randn(1, 4000, len(slopes), generator=seeded(1))
    return float(
        gates.carried(torch.tensor([slopes]), x, torch.tensor([order]), generator=seeded(0), **how)
    )


def test_the_column_that_carries_all_leads_over_lots():
    # kept: 1; by lot it is kept with a chance of 1/4, so lots carry 1/4 in the mean
    found = carried([1.0, 0.0, 0.0, 0.0], [9.0, 1.0, 2.0, 3.0], n_kept=1, n_draws=4000)
    assert found == pytest.approx(0.75, abs=0.04)


def test_a_column_that_carries_nothing_falls_behind():
    found = carried([1.0, 0.0, 0.0, 0.0], [1.0, 9.0, 2.0, 3.0], n_kept=1, n_draws=4000)
    assert found == pytest.approx(-0.25, abs=0.04)


def test_all_columns_carry_what_all_columns_by_lot_do():
    assert carried([1.0, 2.0, 0.5], [1.0, 2.0, 3.0], n_kept=3) == pytest.approx(0, abs=1e-6)


def test_no_column_and_more_than_all_are_refused():
    with pytest.raises(ValueError, match="1 to 2; found 3"):
        carried([1.0, 2.0], [1.0, 2.0])


def test_an_unknown_family_is_refused():
    with pytest.raises(ValueError, match="the families are lines, classes"):
        gates.three_gates("clouds", seed=0)


def test_transferred_gates_find_what_untrained_ones_do_not():
    three = gates.three_gates("wide", seed=0)
    marks = {
        who: gates.judge_gates(one, gates.FAMILIES["wide"], n_tasks=60, seed=0)
        for who, one in three.items()
    }
    found = {who: float(each.found.mean()) for who, each in marks.items()}
    assert found["transferred"] > 0.8 > found["untrained"]
    faithful = {who: float(each.faithful.mean()) for who, each in marks.items()}
    assert faithful["transferred"] > 2 * faithful["untrained"]
    same = marks["transferred"].by_correlation, marks["untrained"].by_correlation
    assert same[0].equal(same[1])  # it belongs to the tasks, not to the gates
