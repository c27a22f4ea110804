"""Quantus and captum give our marks where settings are alike, and the traps are there."""

import pytest

from metaxai_lab.classroom import library_judges as library
from metaxai_lab.classroom.judges_study import rivals_of
from metaxai_lab.classroom.shapley_study import judged


@pytest.fixture(scope="module")
def case():
    return judged("synth12", 0, n_rows=12)


def test_eight_judges_give_the_same_marks(case):
    found = library.differences(case)
    assert len(found) == 8
    assert max(off for _, off in found.values()) < 1e-5


def test_black_turns_the_order_of_slope_and_exact_values_round(case):
    black, zero = (library.faithfulness_correlation(case, fill) for fill in ("black", 0.0))
    assert black["slope"] > black["exact"]
    assert zero["exact"] > zero["slope"]


def test_captum_wants_slopes_where_noise_is_added(case):
    slope = library.captum_infidelity(case, rivals_of(case)["slope"])
    assert library.captum_infidelity(case, case.exact) > 10 * slope


def test_completeness_asks_for_its_own_baseline_and_for_equal_floats(case):
    found = library.left_over(case)
    assert found["background"] == 0
    assert found["offset"] > 0.5
    assert 0 < found["zeros"] < 0.9
    assert found["gap"] < 1e-4
