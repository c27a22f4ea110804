"""Stability of explanations whose change is known by hand, and as Captum estimates it."""

import jaxtyping
import pytest
import torch
from captum.metrics import sensitivity_max

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import stability
from metaxai_lab.explainers import EXPLAINERS, gradient, gradient_times_input

WEIGHTS = torch.randn(9, 3, generator=seeded(0))
X = torch.rand(4, 9, generator=seeded(1))


def bent(x):
    return (3 * x - 1).tanh() @ WEIGHTS


def asked(explain=gradient, x=X, model=bent, *, radius=0.1, n_draws=7, seed=2):
    knobs = {"target": 1, "radius": radius, "n_draws": n_draws}
    return stability(explain, model, x, **knobs, generator=seeded(seed))


def says(values):
    """Explain each row by a function of it."""

    def explain(model, x, *, target):
        return Attribution(values(x), x, x.sum(-1), x.sum(-1))

    return explain


@pytest.mark.parametrize("name", ["gradient", "gradient x input", "integrated gradients"])
def test_it_is_what_captum_finds_in_the_same_places(name):
    drawn = 0.1 * (2 * torch.rand(7, 4, 9, generator=seeded(2)) - 1)

    def near(repeated):  # Captum repeats each row, one after the other
        return repeated + drawn.transpose(0, 1).reshape(28, 9)

    def values(x):  # Captum asks once with a tuple, and wants one back
        rows = x[0] if isinstance(x, tuple) else x
        return (EXPLAINERS[name](bent, rows, target=1).values,)

    wanted = sensitivity_max(values, X, perturb_func=near, n_perturb_samples=7)
    found = asked(EXPLAINERS[name]).values
    torch.testing.assert_close(found, wanted, atol=1e-6, rtol=1e-6)


def test_what_is_the_same_for_all_rows_has_the_best_mark():
    score = asked(says(torch.ones_like))
    assert score.values.tolist() == [0] * 4
    assert not score.higher_is_better


def test_a_step_worked_by_hand():
    # values are 1 left of 0.5, and 3 right of it: the change is 2 of 1, or 2 of 3
    step = says(lambda x: 1 + 2.0 * (x > 0.5))
    found = asked(step, torch.tensor([[0.45], [0.55], [0.1]]), n_draws=50).values
    torch.testing.assert_close(found, torch.tensor([2, 2 / 3, 0]))


def test_the_largest_change_is_near_the_radius_where_values_are_the_row():
    found = asked(says(lambda x: x), torch.ones(3, 1), radius=0.2, n_draws=400).values
    assert (found <= 0.2).all()
    assert (found > 0.19).all()


def test_both_ways_are_tried():
    ways = [says(lambda x: 1 + x.clamp(min=1)), says(lambda x: 1 + x.clamp(max=1))]
    for explain in ways:
        assert asked(explain, torch.ones(1, 1), n_draws=50).values.item() > 0.04


def test_an_explanation_of_length_0_is_not_divided_by():
    found = asked(says(lambda x: x), torch.zeros(2, 1), radius=0.5, n_draws=200).values
    assert (found > 0.45).all()
    assert (found <= 0.5).all()


def test_a_larger_ball_moves_more():
    assert (asked(radius=0.3).values > asked(radius=0.01).values).all()


def test_the_scale_of_the_values_does_not_matter():
    found = asked(says(lambda x: 1e-3 * (3 * x).sin())).values
    torch.testing.assert_close(found, asked(says(lambda x: (3 * x).sin())).values)


def test_stacked_tasks_are_asked_about_each_by_its_model():
    weights = torch.randn(2, 9, 3, generator=seeded(3))
    x = torch.rand(2, 4, 9, generator=seeded(4))
    seen = []

    def model(x):
        seen.append(x.shape)
        return (x**2) @ weights

    found = asked(gradient_times_input, x, model)
    assert found.values.shape == (2, 4)
    assert set(seen) == {(2, 4, 9)}
    alone = asked(gradient_times_input, x[1], lambda x: (x**2) @ weights[1], seed=5)
    torch.testing.assert_close(found.values[1], alone.values, atol=0.1, rtol=0.5)


def test_each_row_may_have_its_own_target():
    each = torch.tensor([0, 2, 1, 1])
    knobs = {"radius": 0.1, "generator": seeded(2)}
    found = stability(gradient, bent, X, target=each, **knobs).values
    alone = stability(gradient, bent, X, target=2, radius=0.1, generator=seeded(2)).values
    assert found[1] == alone[1]
    assert found[0] != alone[0]


def test_the_draws_come_from_the_generator():
    assert torch.equal(asked(seed=3).values, asked(seed=3).values)
    assert not torch.equal(asked(seed=3).values, asked(seed=4).values)


@pytest.mark.parametrize("radius", [0.0, -0.1, float("inf"), float("nan")])
def test_a_ball_without_a_radius_is_refused(radius):
    with pytest.raises(ValueError, match=f"a radius above 0; found {radius}"):
        asked(radius=radius)


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="found 0"):
        asked(n_draws=0)


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="needs finite values"):
        asked(says(lambda x: x / 0))


def test_values_of_another_shape_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"rows of \(4, 9\) and gave values of \(4, 8\)"):
        asked(says(lambda x: x[:, :8]))
