"""Curves of a linear model on three columns, worked by hand; of others, by Quantus."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import curve

KINDS = pytest.mark.parametrize("kind", ["deletion", "insertion"])
WEIGHTS = torch.randn(6, 3, generator=seeded(0))
X = torch.rand(5, 6, generator=seeded(1))


def explanation(values, inputs):
    values = torch.as_tensor(values, dtype=torch.float32)
    zeros = torch.zeros(values.shape[:-1])
    return Attribution(values, torch.as_tensor(inputs).float(), zeros, zeros)


def odds(x):
    """Put the log-odds of class 1 at x0 + 2 x1 - 3 x2."""
    said = x @ torch.tensor([1.0, 2.0, -3.0])
    return torch.stack([torch.zeros_like(said), said], -1)


def network(x):
    return (3 * x - 1).tanh() @ WEIGHTS


def followed(values=None, x=X, model=network, *, kind="deletion", target=1, seed=0, **knobs):
    values = torch.randn(x.shape, generator=seeded(2)) if values is None else values
    return curve(
        model, explanation(values, x), kind=kind, target=target, generator=seeded(seed), **knobs
    )


def chances(*log_odds):
    return torch.tensor(log_odds).sigmoid()


def test_the_curve_of_three_columns_worked_by_hand():
    # x1 goes first, then x0, then x2: log-odds 0, -2, -3, 0
    found = followed([[1, 2, -3]], torch.ones(1, 3), odds)
    torch.testing.assert_close(found.values[0], chances(0.0, -2.0, -3.0, 0.0))
    torch.testing.assert_close(found.shares, torch.tensor([0, 1 / 3, 2 / 3, 1]))


def test_the_curve_of_what_comes_back_worked_by_hand():
    found = followed([[1, 2, -3]], torch.ones(1, 3), odds, kind="insertion")
    torch.testing.assert_close(found.values[0], chances(0.0, 2.0, 3.0, 0.0))


def test_the_area_is_that_of_trapezoids_worked_by_hand():
    p = chances(0.0, -2.0, -3.0, 0.0).tolist()
    worked = ((p[0] + p[1]) / 2 + (p[1] + p[2]) / 2 + (p[2] + p[3]) / 2) / 3
    assert followed([[1, 2, -3]], torch.ones(1, 3), odds).area.mean == pytest.approx(worked)


def test_columns_are_replaced_by_the_fill():
    # with 2 in place of 1, the log-odds go 0, 2, 3, 0
    found = followed([[1, 2, -3]], torch.ones(1, 3), odds, fill=torch.full((3,), 2.0))
    torch.testing.assert_close(found.values[0], chances(0.0, 2.0, 3.0, 0.0))


def test_chance_is_the_mean_over_all_orders():
    found = followed([[1, 2, -3]], torch.ones(1, 3), odds, n_draws=4000)
    one = chances(-1.0, -2.0, 3.0).mean()
    two = chances(-3.0, 2.0, 1.0).mean()
    worked = torch.stack([torch.tensor(0.5), one, two, torch.tensor(0.5)])
    torch.testing.assert_close(found.chance[0], worked, atol=0.02, rtol=0)


@KINDS
def test_an_explanation_that_says_the_same_everywhere_is_chance(kind):
    found = followed(torch.ones(5, 6), kind=kind)
    assert torch.equal(found.values, found.chance)
    assert found.n_tied == 5


def test_one_curve_begins_where_the_other_ends():
    down, up = followed(kind="deletion"), followed(kind="insertion")
    whole, blank = network(X).softmax(-1)[:, 1], network(0 * X).softmax(-1)[:, 1]
    for mine, right in ((down.values, (whole, blank)), (up.values, (blank, whole))):
        torch.testing.assert_close(mine[:, 0], right[0])
        torch.testing.assert_close(mine[:, -1], right[1])


def test_to_insert_the_highest_first_is_to_delete_the_lowest_first_backwards():
    values = torch.randn(5, 6, generator=seeded(2))
    down, up = followed(-values), followed(values, kind="insertion")
    torch.testing.assert_close(up.values, down.values.flip(-1))


@KINDS
def test_fewer_steps_are_points_of_the_same_curve(kind):
    every, few = followed(kind=kind), followed(kind=kind, n_steps=3)
    torch.testing.assert_close(few.values, every.values[:, ::2])
    torch.testing.assert_close(few.shares, every.shares[::2])


def test_steps_that_do_not_divide_the_parts_go_to_the_nearest_count():
    shares = followed(n_steps=4).shares
    torch.testing.assert_close(shares, torch.tensor([0, 2, 3, 4, 6]) / 6)


@KINDS
def test_squares_go_as_one(kind):
    x, values = torch.rand(3, 16, generator=seeded(3)), torch.randn(3, 4, generator=seeded(4))
    weights = torch.randn(16, 2, generator=seeded(5))
    spread = values.reshape(3, 2, 2).repeat_interleave(2, 1).repeat_interleave(2, 2).flatten(1)
    found = followed(spread, x, lambda x: x @ weights, kind=kind, cell=2)
    sums = weights.reshape(2, 2, 2, 2, 2).transpose(1, 2).reshape(4, 4, 2)
    parts = x.reshape(3, 2, 2, 2, 2).transpose(2, 3).reshape(3, 4, 4)
    gone = values.unsqueeze(1) > values.unsqueeze(2)  # before each square
    order = gone.sum(-1)
    keep = torch.stack([order >= k if kind == "deletion" else order < k for k in range(5)], 1)
    logits = torch.einsum("rsk,rkp,kpc->rsc", keep.float(), parts, sums)
    torch.testing.assert_close(found.values, logits.softmax(-1)[..., 1], atol=1e-6, rtol=0)


@KINDS
def test_stacked_tasks_with_their_own_models_are_judged_as_one_by_one(kind):
    weights = torch.randn(2, 6, 3, generator=seeded(6))
    x, values = torch.rand(2, 4, 6, generator=seeded(7)), torch.randn(2, 4, 6, generator=seeded(8))
    stacked = followed(values, x, lambda x: x @ weights, kind=kind)
    for task in range(2):
        one = followed(values[task], x[task], lambda x, w=weights[task]: x @ w, kind=kind)
        torch.testing.assert_close(stacked.values[task], one.values)


def test_each_row_may_have_its_own_target():
    each = torch.tensor([0, 2, 1, 1, 0])
    found = followed(target=each).values
    for row, target in enumerate(each.tolist()):
        torch.testing.assert_close(found[row], followed(target=target).values[row])


def test_the_mark_says_on_what_it_depends_and_how_many_rows_had_ties():
    values = torch.randn(5, 6, generator=seeded(2))
    assert followed(values).area.sensitive_to == ("fill", "cell", "n_steps")
    values[:2] = 1
    assert followed(values).area.sensitive_to[-1] == "order of ties in 2 of 5 rows"


def test_the_curve_leaves_no_gradient():
    weights = torch.randn(6, 3, generator=seeded(0)).requires_grad_()
    assert not followed(model=lambda x: x @ weights).values.requires_grad


def test_a_model_of_one_output_is_refused():
    with pytest.raises(ValueError, match="needs two outputs or more"):
        followed(model=lambda x: x[..., :1], target=0)


@pytest.mark.parametrize("target", [3, -1, torch.tensor([0, 1, 2, 3, 0])])
def test_a_target_that_is_no_output_is_refused(target):
    with pytest.raises(ValueError, match=r"outputs 0 to 2; target .* is none"):
        followed(target=target)


def test_targets_for_other_rows_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"one for each row of .*; found \(4,\)"):
        followed(target=torch.tensor([0, 1, 2, 0]))


def test_a_curve_without_steps_is_refused():
    with pytest.raises(ValueError, match="found n_steps 0"):
        followed(n_steps=0)


def test_the_output_of_a_regression_is_followed_as_it_is():
    def line(x):
        return odds(x)[..., 1:]

    found = followed([[1, 2, -3]], torch.ones(1, 3), line, target=0, unit="output")
    assert found.values[0].tolist() == [0, -2, -3, 0]


def test_a_probability_of_one_output_is_refused_with_the_way_round():
    with pytest.raises(ValueError, match="unit='output'"):
        followed([[1, 2, -3]], torch.ones(1, 3), lambda x: odds(x)[..., 1:], target=0)
