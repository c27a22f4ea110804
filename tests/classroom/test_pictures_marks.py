"""Marks worked out by hand, and the lab's own judge of pixels beside the marks of cells."""

import pytest
import torch

from metaxai_lab.classroom.pictures_marks import (
    correlation_where,
    cover_of,
    interval,
    judge,
    lifts,
    partial_correlation,
)
from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import mass_in_mask
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.explainers import spread


def drawn(*shape, seed=0):
    return torch.rand(*shape, generator=seeded(seed))


def test_a_lift_worked_out_by_hand():
    maps = torch.tensor([[0.7, 0.1, 0.1, 0.1], [0.0, 0.0, 0.0, 0.0]])
    cover = torch.tensor([[0.5, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0]])
    assert torch.allclose(lifts(maps, cover), torch.tensor([2.8, 1.0]))


def test_a_lift_is_what_the_judge_of_pixels_says():
    maps, truth = drawn(3, 8, 8), drawn(3, 1024, seed=1) > 0.8
    pixels = spread(maps, 1024)
    score = mass_in_mask(Attribution(pixels, pixels, pixels[:, 0], pixels[:, 0]), truth)
    assert torch.allclose(
        lifts(maps.flatten(1), cover_of(truth)), score.values / score.chance, atol=1e-4
    )


def test_what_is_left_is_nothing_where_the_third_map_explains_all():
    known = drawn(5, 64)
    one, other = known + 0.3 * drawn(5, 64, seed=1), known + 0.3 * drawn(5, 64, seed=2)
    left = partial_correlation(one, other, known)
    assert left.mean().abs() < 0.15
    assert partial_correlation(one, one, known).mean() > 0.95


def test_cells_that_were_not_chosen_do_not_count():
    one, other, where = drawn(4, 64), drawn(4, 64, seed=1), drawn(4, 64, seed=2) > 0.3
    found = correlation_where(one, other, where)
    alone = [rank_correlation(a[w], b[w]) for a, b, w in zip(one, other, where, strict=True)]
    assert torch.allclose(found, torch.stack(alone), atol=1e-5)


def test_a_map_without_order_on_the_chosen_cells_has_no_correlation():
    where = torch.tensor([[True, True, True, False]])
    flat = torch.tensor([[2.0, 2.0, 2.0, 7.0]])
    assert correlation_where(flat, drawn(1, 4), where).tolist() == [0.0]


def test_a_map_of_edges_goes_wholly_with_edges():
    x = drawn(2, 3, 1024)
    truth = drawn(2, 3, 1024, seed=3) > 0.7
    from_edges = judge({"edges": judge_edges(x)}, x, cover_of(truth))["edges"]
    assert torch.allclose(from_edges["edges"], torch.ones(2), atol=1e-5)
    assert from_edges["lift"].shape == (2,)


def judge_edges(x):
    from metaxai_lab.evaluation.energies import edge_energy

    return edge_energy(x, cell=4)


def test_an_interval_is_taken_over_the_tasks_of_all_runs():
    runs = [
        {"map": {"lift": torch.tensor([1.0, 3.0])}},
        {"map": {"lift": torch.tensor([5.0, 7.0])}},
    ]
    mark = interval(runs, "map", "lift")
    half = 3.18244630528 * (20 / 3) ** 0.5 / 2  # Student's t with 3 degrees of freedom
    assert (mark.mean, mark.low, mark.high) == pytest.approx((4.0, 4 - half, 4 + half))
    assert mark.runs == (2.0, 6.0)
