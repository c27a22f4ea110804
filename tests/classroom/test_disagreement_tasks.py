"""Stacks of models for the judges: planted truth, a background of mean 0, and six kinds."""

import pytest
import torch

from metaxai_lab.classroom.disagreement_tasks import KINDS, kind_of, moved, off_formula


def drawn(name, **knobs):
    return kind_of(name, n_tasks=2, n_rows=3, n_background=6, **knobs)


@pytest.mark.parametrize("name", KINDS)
def test_the_mean_of_each_background_is_0_and_exact_values_add_up(name):
    kind = drawn(name)
    torch.testing.assert_close(kind.background.mean(1), torch.zeros(2, 8), atol=1e-5, rtol=0)
    torch.testing.assert_close(kind.exact.gap, torch.zeros(2, 3), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", KINDS[:4])
def test_exact_values_are_those_of_the_planted_formula(name):
    kind = drawn(name)
    assert off_formula(kind) < 1e-5 < 0.1 < off_formula(kind, seed=1)


def test_the_same_weights_come_with_independent_and_with_correlated_columns():
    alone, together = (drawn(name) for name in KINDS[:2])
    step = torch.eye(8).expand(2, 8, 8)
    nothing = torch.zeros(2, 8, 8)
    slopes = [kind.model(step) - kind.model(nothing) for kind in (alone, together)]
    torch.testing.assert_close(*slopes)


def test_networks_learn_their_tables():
    kind, formula = (
        kind_of(name, n_tasks=2, n_rows=64, n_background=6)
        for name in ("networks", "products, correlated")
    )
    missed = (kind.exact.output - formula.exact.output).square().mean()
    assert missed < 0.2 * formula.exact.output.var()


def test_trees_give_a_slope_of_0():
    kind = drawn("trees")
    x = kind.rows.clone().requires_grad_()
    kind.model(x).sum().backward()
    assert x.grad is not None
    assert x.grad.abs().max() == 0


def test_a_moved_model_answers_copies_end_to_end_each_by_its_own_step():
    def model(x):
        return x.sum(-1, keepdim=True)

    by = torch.tensor([[[1.0], [10.0]]])
    x = torch.tensor([[[0.0], [0.0], [5.0], [5.0]]])
    assert moved(model, by)(x)[0, :, 0].tolist() == [1, 10, 6, 15]


def test_an_unknown_kind_is_refused_with_the_list():
    with pytest.raises(ValueError, match=r"additive; additive, correlated; .* found 'forests'"):
        drawn("forests")
