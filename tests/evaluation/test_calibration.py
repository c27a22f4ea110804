"""Coverage: the share of what was seen that lies inside, counted by hand."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import coverage


def test_each_task_scores_the_share_of_columns_inside():
    low, high = torch.zeros(2, 4), torch.ones(2, 4)
    seen = torch.tensor([[0.0, 1.0, 0.5, 1.1], [-0.1, 2.0, 0.5, 3.0]])
    assert coverage(low, high, seen).values.tolist() == [0.75, 0.25]


def test_the_right_interval_of_a_normal_value_holds_its_share():
    seen = torch.randn(200, 50, generator=seeded(0))
    edge = torch.full_like(seen, 1.6449)
    assert coverage(-edge, edge, seen).mean == pytest.approx(0.9, abs=0.01)
    assert coverage(-edge / 2, edge / 2, seen).mean < 0.7


def test_other_shapes_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="need one shape"):
        coverage(torch.zeros(3), torch.ones(3), torch.ones(2))


def test_ends_that_are_swapped_are_refused():
    with pytest.raises(ValueError, match="low at or below high"):
        coverage(torch.ones(3), torch.zeros(3), torch.ones(3))


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="needs numbers"):
        coverage(torch.zeros(1), torch.ones(1), torch.tensor([torch.nan]))
