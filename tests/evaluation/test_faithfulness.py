"""Faithfulness of three columns worked by hand, and of a planted reason against the wrong one."""

import pytest
import torch

from metaxai_lab.core import Attribution, Examples, seeded
from metaxai_lab.evaluation import comprehensiveness, curve, deletion, insertion, sufficiency
from metaxai_lab.explainers import gradient_times_input
from metaxai_lab.learners import ProtoNet

EVERY = pytest.mark.parametrize("judge", [deletion, insertion, comprehensiveness, sufficiency])
SHARES = pytest.mark.parametrize("judge", [comprehensiveness, sufficiency])
WEIGHTS = torch.randn(10, 3, generator=seeded(0))
X = torch.rand(50, 10, generator=seeded(1))


def explanation(values, inputs):
    values = torch.as_tensor(values, dtype=torch.float32)
    zeros = torch.zeros(values.shape[:-1])
    return Attribution(values, torch.as_tensor(inputs).float(), zeros, zeros)


def odds(x):
    """Put the log-odds of class 1 at x0 + 2 x1 - 3 x2."""
    said = x @ torch.tensor([1.0, 2.0, -3.0])
    return torch.stack([torch.zeros_like(said), said], -1)


def linear(x):
    return 3 * x @ WEIGHTS


def by_hand(judge, **knobs):
    found = explanation([[1, 2, -3]], torch.ones(1, 3))
    return judge(odds, found, target=1, generator=seeded(0), **knobs).mean


def sigmoid(log_odds):
    return float(torch.tensor(float(log_odds)).sigmoid())


def test_without_its_highest_column_the_probability_loses_what_was_worked_by_hand():
    assert by_hand(comprehensiveness, share=1 / 3) == pytest.approx(sigmoid(0) - sigmoid(-2))


def test_with_its_highest_column_alone_it_loses_what_was_worked_by_hand():
    assert by_hand(sufficiency, share=1 / 3) == pytest.approx(sigmoid(0) - sigmoid(2))


@pytest.mark.parametrize(("judge", "left"), [(comprehensiveness, 2), (sufficiency, -2)])
def test_what_is_taken_is_replaced_by_the_fill(judge, left):
    # without x1 the log-odds are 1 + 4 - 3, with it alone 2 + 2 - 6
    found = by_hand(judge, share=1 / 3, fill=torch.full((3,), 2.0))
    assert found == pytest.approx(sigmoid(0) - sigmoid(left))


@SHARES
def test_of_a_small_share_one_part_goes_at_least(judge):
    assert by_hand(judge, share=0.01) == by_hand(judge, share=1 / 3)


def test_without_anything_and_with_everything():
    blank = explanation(X, X)
    lost = comprehensiveness(linear, blank, target=0, share=1.0, generator=seeded(0)).values
    whole = linear(X).softmax(-1)[:, 0]
    torch.testing.assert_close(lost, whole - 1 / 3)
    kept = sufficiency(linear, blank, target=0, share=1.0, generator=seeded(0)).values
    torch.testing.assert_close(kept, torch.zeros(50), atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("judge", "kind"), [(comprehensiveness, "deletion"), (sufficiency, "insertion")]
)
@pytest.mark.parametrize("n", [1, 3, 10])
def test_a_share_is_a_point_of_the_curve(judge, kind, n):
    found = explanation(torch.randn(50, 10, generator=seeded(2)), X)
    points = curve(linear, found, kind=kind, target=2, generator=seeded(3))
    whole = linear(X).softmax(-1)[:, 2]
    score = judge(linear, found, target=2, share=n / 10, generator=seeded(3))
    torch.testing.assert_close(score.values, whole - points.values[:, n], atol=1e-6, rtol=0)
    torch.testing.assert_close(score.chance, whole - points.chance[:, n], atol=1e-6, rtol=0)


@pytest.mark.parametrize(("judge", "kind"), [(deletion, "deletion"), (insertion, "insertion")])
def test_the_mark_is_the_area_of_the_curve(judge, kind):
    found = explanation(torch.randn(50, 10, generator=seeded(2)), X)
    knobs = {"target": 1, "fill": torch.full((10,), 0.5), "n_steps": 4, "n_draws": 2}
    mark = judge(linear, found, **knobs, generator=seeded(3))
    area = curve(linear, found, kind=kind, **knobs, generator=seeded(3)).area
    assert torch.equal(mark.values, area.values)
    assert torch.equal(mark.chance, area.chance)


def gain(score):
    """Say by how much the mark is better than chance."""
    return (score.mean - score.mean_chance) * (1 if score.higher_is_better else -1)


@EVERY
def test_of_a_linear_model_what_columns_add_is_better_than_chance_and_its_reverse_is_worse(judge):
    def two(x):
        said = x @ WEIGHTS[:, 0]
        return torch.stack([said, torch.zeros_like(said)], -1)

    added = X * WEIGHTS[:, 0]
    right, wrong = (
        judge(two, explanation(values, X), target=0, generator=seeded(4))
        for values in (added, -added)
    )
    assert gain(right) > 0.05
    assert gain(wrong) < -0.05


@EVERY
def test_what_says_the_same_everywhere_scores_chance_and_its_ties_are_said(judge):
    score = judge(linear, explanation(torch.ones(50, 10), X), target=0, generator=seeded(5))
    assert torch.equal(score.values, score.chance)
    assert score.sensitive_to[-1] == "order of ties in 50 of 50 rows"


@EVERY
def test_the_scale_of_the_values_does_not_matter(judge):
    values = torch.randn(50, 10, generator=seeded(6))
    one, other = (
        judge(linear, explanation(v, X), target=0, generator=seeded(7)).values
        for v in (values, 1e-3 * values)
    )
    assert torch.equal(one, other)


@EVERY
def test_columns_in_another_order_get_the_same_mark(judge):
    values, order = torch.randn(50, 10, generator=seeded(6)), torch.arange(10).flip(0)

    def turned(x):
        return linear(x[..., order])

    one = judge(linear, explanation(values, X), target=0, generator=seeded(7)).values
    found = explanation(values[:, order], X[:, order])
    other = judge(turned, found, target=0, generator=seeded(7)).values
    torch.testing.assert_close(one, other, atol=1e-5, rtol=0)


@EVERY
def test_an_adapted_model_is_judged_over_stacked_tasks(judge):
    x = torch.rand(3, 8, 10, generator=seeded(8))
    y = torch.tensor([0, 1, 0, 1, 0, 1, 0, 1]).expand(3, 8)
    model = ProtoNet(torch.nn.Identity()).adapt(Examples(x, y))
    score = judge(model, gradient_times_input(model, x, target=1), target=1, generator=seeded(9))
    assert score.values.shape == score.chance.shape == (3, 8)
    assert gain(score) > 0


@EVERY
def test_squares_and_columns_are_both_served(judge):
    x = torch.rand(4, 16, generator=seeded(10))

    def model(x):
        return x[..., :3]

    found = explanation(torch.randn(4, 16, generator=seeded(11)), x)
    score = judge(model, found, target=0, cell=2, generator=seeded(12))
    assert score.sensitive_to[:2] == ("fill", "cell")
    columns = judge(model, found, target=0, generator=seeded(12))
    assert not torch.equal(score.values, columns.values)


@SHARES
@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(judge, share):
    with pytest.raises(ValueError, match=f"above 0, up to 1; found {share}"):
        by_hand(judge, share=share)


@EVERY
def test_values_that_are_not_finite_are_refused(judge):
    with pytest.raises(ValueError, match="needs finite values; 50 of 50"):
        judge(linear, explanation(X * float("nan"), X), target=0, generator=seeded(0))


@pytest.mark.parametrize(("judge", "left"), [(comprehensiveness, -2), (sufficiency, 2)])
def test_what_an_output_loses_was_worked_by_hand(judge, left):
    # of log-odds 0, -2 are left without column 1, and 2 with it alone
    assert by_hand(judge, share=1 / 3, unit="output") == -left


@pytest.mark.parametrize(("judge", "area"), [(deletion, -5 / 3), (insertion, 5 / 3)])
def test_the_area_under_outputs_was_worked_by_hand(judge, area):
    # log-odds go 0, -2, -3, 0 and 0, 2, 3, 0
    assert by_hand(judge, unit="output") == pytest.approx(area)
