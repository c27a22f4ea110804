"""A score averages its marks and compares them with chance."""

import pytest
import torch

from metaxai_lab.core import Score

MARKS = torch.tensor([0.2, 0.6])


def test_the_mean_is_the_average_mark() -> None:
    assert Score("hits", MARKS).mean == pytest.approx(0.4)


def test_the_lift_counts_how_often_chance_fits_into_the_mean() -> None:
    assert Score("hits", MARKS, torch.tensor([0.1, 0.3])).lift == pytest.approx(2.0)


def test_a_score_without_chance_says_so_by_name() -> None:
    with pytest.raises(ValueError, match="'hits' was made without a chance level"):
        _ = Score("hits", MARKS).mean_chance
