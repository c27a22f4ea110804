"""Marks over models: ratios, coverage, and times that are compared in turn."""

import pytest
import torch

from metaxai_lab.classroom import travelling_marks as marks
from metaxai_lab.classroom.travelling_study import Traveller
from metaxai_lab.core import seeded
from metaxai_lab.explainers import CoalitionProcess, fit_prior, play_random_models


def test_the_ratio_is_that_of_means_and_its_interval_is_over_models():
    theirs = torch.tensor([1.0, 2.0, 3.0, 6.0])
    even = marks.ratio(0.5 * theirs, theirs)
    assert even.mean == even.low == even.high == 0.5
    uneven = marks.ratio(torch.tensor([3.0, 1.0, 1.0, 1.0]), theirs)
    assert uneven.mean == 0.5
    assert uneven.low < 0.35 < 0.8 < uneven.high


def test_the_best_rival_has_the_lowest_mean():
    judged = {
        "a": {8: torch.tensor([1.0, 4.0])},
        "b": {8: torch.tensor([2.0, 2.0])},
        "c": {8: torch.tensor([0.0, 0.0])},
    }
    assert marks.best_rival(judged, ("a", "b"), 8) == "b"


def test_a_table_says_errors_above_one_in_words():
    judged = {"x": {8: torch.tensor([0.25]), 12: torch.tensor([7e9])}}
    assert marks.table(judged, ["x"]) == [["x", "≈ 0.250", "≈ above 1"]]


def test_wider_intervals_hold_more_and_very_wide_ones_all():
    games = play_random_models(10, n_features=5, n_rows=3, generator=seeded(0))
    traveller = Traveller(fit_prior(games), CoalitionProcess(), 0.0, 0.0)
    share = [marks.held(traveller, games, 14, scale=s)[0] for s in (0.1, 1.0, 1e4)]
    assert share[0] < share[1] <= share[2]
    assert share[2] == pytest.approx(1.0)
    assert marks.held(traveller, games, 14)[1].shape == (10,)


def test_all_columns_as_the_top_ones_hold_as_much_and_fewer_columns_hold_another_share():
    games = play_random_models(10, n_features=5, n_rows=3, generator=seeded(0))
    traveller = Traveller(fit_prior(games), CoalitionProcess(), 0.0, 0.0)
    plain, all_of_them, largest = (
        marks.held(traveller, games, 14, scale=0.3, top=top)[0] for top in (None, 5, 1)
    )
    assert all_of_them == pytest.approx(plain)
    assert largest != pytest.approx(plain)


def test_a_ratio_by_table_divides_the_means_of_its_models():
    ours, theirs = torch.tensor([1.0, 2.0, 6.0]), torch.tensor([2.0, 4.0, 3.0])
    names = ("wine, forest", "wine, network", "diabetes, forest")
    assert marks.by_table(ours, theirs, names) == {"wine": 0.5, "diabetes": 2.0}
