"""Drawn signs: the mask is the sign, and the pictograms of the test are new."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.road_signs import PICTOGRAMS, SHAPES, draw_sign_episodes, drawn_signs


def test_no_pictogram_is_in_both_splits():
    assert not set(PICTOGRAMS["train"]) & set(PICTOGRAMS["test"])


def test_a_circle_covers_as_many_pixels_as_its_radius_says():
    shape = torch.zeros(400, dtype=torch.long)  # circles
    _, sign = drawn_signs(shape, torch.zeros(400, 5, 5), seeded(0))
    mean_square = (12.0**3 - 8.5**3) / 3 / 3.5  # of radii drawn evenly
    assert float(sign.float().sum(-1).mean()) == pytest.approx(3.1416 * mean_square, rel=0.05)


def test_rows_stand_class_by_class_and_the_truth_belongs_to_the_queries():
    episode = draw_sign_episodes(
        "test", n_way=3, k_shot=2, n_query=1, n_tasks=4, generator=seeded(0)
    )
    assert episode.support.y[0].tolist() == [0, 0, 1, 1, 2, 2]
    assert bool(episode.truth.any(-1).all())


def test_more_classes_than_there_are_are_refused():
    n_classes = len(SHAPES) * len(PICTOGRAMS["test"])
    with pytest.raises(ValueError, match=f"has {n_classes} classes"):
        draw_sign_episodes("test", n_way=n_classes + 1, n_tasks=1, generator=seeded(0))
