"""Judged by least squares on the rows themselves, by hand, and by all subsets of columns."""

import itertools

import pytest
import torch

from metaxai_lab.core import Examples, seeded
from metaxai_lab.learners.invariant import Moments, learn_freedom, moments_of, travel_loss

OPEN, SHUT = 1e8, 1e-10


def halls(n_models=6, n_halls=4, n_rows=400, seed=0):
    """Column 0 causes y by 1 everywhere; y makes column 1, by another amount in each hall."""
    draw = seeded(seed)
    cause, noise, own = torch.randn(3, n_models, n_halls, n_rows, generator=draw).double()
    y = cause + noise
    strength = torch.linspace(-0.5, 2.0, n_halls).double()[:, None]
    return Examples(torch.stack([cause, strength * y + own], -1), y)


def split(rows):
    n = rows.y.shape[-1] // 2
    parts = (slice(None, n), slice(n, None))
    return [moments_of(Examples(rows.x[..., p, :], rows.y[..., p])) for p in parts]


def test_errors_and_fits_are_those_of_the_rows():
    rows = halls()
    x = rows.x - rows.x.mean(-2, keepdim=True)
    y = rows.y - rows.y.mean(-1, keepdim=True)
    known = moments_of(rows)
    weights = known.fit(torch.full((2,), OPEN).double())
    assert torch.allclose(weights, torch.linalg.lstsq(x, y[..., None]).solution[..., 0], atol=1e-5)
    line = torch.tensor([0.3, -0.7]).double()
    assert torch.allclose(known.error(line), (y - x @ line).square().mean(-1))


def test_a_column_that_is_shut_gets_no_weight():
    known = moments_of(halls())
    weights = known.fit(torch.tensor([OPEN, SHUT]).double())
    assert weights[..., 1].abs().max() < 1e-6
    assert torch.allclose(weights[..., 0], known.cross[..., 0] / known.gram[..., 0, 0], atol=1e-5)


def test_pooled_moments_are_those_of_all_rows_together():
    rows = halls()
    known = moments_of(rows)
    centred = Examples(
        rows.x - rows.x.mean(-2, keepdim=True), rows.y - rows.y.mean(-1, keepdim=True)
    )
    together = moments_of(Examples(centred.x.flatten(1, 2), centred.y.flatten(1, 2)))
    assert torch.allclose(known.pooled().gram, together.gram)
    assert torch.allclose(known.pooled().power, together.power)


def test_the_loss_by_hand():
    # one column of variance 1; slopes 1 and 3 in two halls, no noise but 1 in what is judged
    slopes = torch.tensor([[[1.0], [3.0]]]).double()
    fitted = Moments(torch.ones(1, 2, 1, 1).double(), slopes, slopes[..., 0].square())
    judged = Moments(fitted.gram, slopes, slopes[..., 0].square() + 1)
    found = travel_loss(fitted, judged, torch.tensor([[OPEN]]).double(), strict=2.0)
    away, home = 1 + (3 - 1) ** 2, 1  # in both directions
    wanted = torch.tensor(away).double().log() + 2 * (away / home - 1)
    assert torch.allclose(found, wanted, atol=1e-4)


def test_the_column_that_differs_is_shut_and_the_cause_stays_open():
    rows = halls()
    freedom = learn_freedom(*split(rows), strict=10.0)
    weights = moments_of(rows).pooled().fit(freedom)
    assert weights[:, 1].abs().max() < 0.02
    assert (weights[:, 0] - 1).abs().max() < 0.3  # a price shrinks a little
    free = moments_of(rows).pooled().fit(torch.full((2,), OPEN).double())
    assert free[:, 1].min() > 0.15  # pooled leans on it


def test_no_subset_of_columns_is_better_than_what_is_learned():
    fitted, judged = split(halls())
    learned = travel_loss(fitted, judged, learn_freedom(fitted, judged, strict=10.0), strict=10.0)
    for kept in itertools.product((OPEN, SHUT), repeat=2):
        subset = torch.tensor(kept).double().expand(6, 2)
        assert (learned <= travel_loss(fitted, judged, subset, strict=10.0) + 0.02).all()


def test_one_environment_or_bad_rows_are_refused():
    one = moments_of(halls(n_halls=1))
    with pytest.raises(ValueError, match="learned from two or more"):
        learn_freedom(one, one, strict=1.0)
    x = torch.zeros(2, 3, 1)
    x[0, 0] = torch.nan
    with pytest.raises(ValueError, match="NaN or infinity in 1 cells"):
        moments_of(Examples(x, torch.zeros(2, 3)))
