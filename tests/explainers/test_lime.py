"""LIME is judged by planes it has to find, by ridge regression of scikit-learn, and by lime."""

from functools import partial

import jaxtyping
import numpy as np
import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.explainers import ModelFailedError, lime

DOUBLE = torch.float64


def table(n_rows, n_columns, seed):
    drawn = torch.randn(n_rows, n_columns, generator=seeded(seed), dtype=DOUBLE)
    return drawn * torch.linspace(0.5, 2, n_columns) + torch.linspace(-1, 3, n_columns)


BACKGROUND, ROWS = table(60, 4, 0), table(5, 4, 1)
FIRST, LAST = table(4, 16, 2) / 4, table(16, 2, 3)


def network(x):
    return (x @ FIRST).tanh() @ LAST


def ask(model=network, rows=ROWS, *, target=1, background=BACKGROUND, seed=0, **knobs):
    return lime(model, rows, target=target, background=background, generator=seeded(seed), **knobs)


def test_of_a_plane_it_finds_the_slopes_and_leaves_no_gap():
    weights = torch.tensor([[1.0], [-2.0], [0.5], [0.0]], dtype=DOUBLE)
    found = ask(lambda x: x @ weights + 7, target=0, ridge=1e-9)
    mean = BACKGROUND.mean(0)
    torch.testing.assert_close(found.values, (ROWS - mean) * weights[:, 0], atol=1e-6, rtol=0)
    torch.testing.assert_close(found.reference, (mean @ weights + 7).expand(5), atol=1e-6, rtol=0)
    assert float(found.gap.abs().max()) < 1e-6


def test_slopes_are_for_a_step_of_one_deviation():
    weights = torch.tensor([[1.0], [-2.0], [0.5], [0.0]], dtype=DOUBLE)
    found = ask(lambda x: x @ weights, target=0, ridge=1e-9, slopes=True)
    deviation = BACKGROUND.std(0, correction=0)
    torch.testing.assert_close(
        found.values, (deviation * weights[:, 0]).expand(5, 4), atol=1e-6, rtol=0
    )
    assert found.unit == "log-odds for a step of one deviation"


def test_it_is_the_weighted_ridge_regression_of_scikit_learn():
    from sklearn.linear_model import Ridge

    found = ask(slopes=True, n_samples=200, width=1.1, ridge=2.5)
    mean, deviation = BACKGROUND.mean(0), BACKGROUND.std(0, correction=0)
    points = torch.randn(199, 4, generator=seeded(0), dtype=DOUBLE)
    for i, row in enumerate(ROWS):
        places = torch.cat([((row - mean) / deviation)[None], points])
        answers = network(mean + deviation * places)[:, 1]
        weights = (-(places - places[0]).square().sum(1) / (2 * 1.1**2)).exp()
        ridge = Ridge(alpha=2.5).fit(places.numpy(), answers.numpy(), weights.numpy())
        theirs = torch.from_numpy(ridge.coef_)
        torch.testing.assert_close(found.values[i], theirs, atol=1e-8, rtol=0)
        assert float(found.reference[i]) == pytest.approx(float(ridge.intercept_), abs=1e-8)


@pytest.mark.filterwarnings("ignore")  # what lime imports warns of its own future
def test_with_many_points_it_agrees_with_the_library():
    from lime.lime_tabular import LimeTabularExplainer

    n = 20_000
    library = LimeTabularExplainer(
        BACKGROUND.numpy(), mode="regression", discretize_continuous=False, random_state=0
    )
    mine = ask(slopes=True, n_samples=n).values
    for row, found in zip(ROWS[:2], mine, strict=False):
        told = library.explain_instance(
            row.numpy(),
            lambda x: network(torch.from_numpy(x))[:, 1].numpy(),
            num_features=4,
            num_samples=n,
        )
        theirs = torch.zeros(4, dtype=DOUBLE)
        for column, slope in told.as_map()[1]:
            theirs[column] = slope
        assert float((found - theirs).norm() / theirs.norm()) < 0.03


def test_another_kernel_width_is_another_explanation():
    near, far = (ask(width=width, n_samples=5000).values for width in (0.5, 5.0))
    assert float((near - far).norm() / far.norm()) > 0.2


def test_rows_explained_together_are_explained_as_alone_by_the_same_points():
    together = ask().values
    alone = torch.cat([ask(rows=row[None]).values for row in ROWS])
    torch.testing.assert_close(together, alone)


def test_the_model_answers_the_points_once_for_all_rows():
    asked = []

    def watched(x):
        asked.append(len(x))
        return network(x)

    ask(watched, n_samples=300, tile=128)
    assert sum(asked) == 299 + len(ROWS)
    assert max(asked) == 128


def test_a_target_for_each_row_is_asked_for_its_row():
    each = torch.tensor([0, 1, 1, 0, 1])
    found = ask(target=each).values
    for i, column in enumerate(each.tolist()):
        torch.testing.assert_close(found[i], ask(target=column).values[i])


def test_stacked_tasks_are_explained_as_one_by_one():
    weights = torch.randn(2, 4, 3, generator=seeded(4), dtype=DOUBLE)
    background, rows = BACKGROUND.view(2, 30, 4), table(6, 4, 5).view(2, 3, 4)
    stacked = ask(lambda x: (x @ weights).tanh(), rows, background=background)
    for task in range(2):
        one = ask(
            lambda x, w=weights[task]: (x @ w).tanh(), rows[task], background=background[task]
        )
        torch.testing.assert_close(stacked.values[task], one.values)
        torch.testing.assert_close(stacked.reference[task], one.reference)


def test_the_gap_is_what_the_plane_misses():
    found = ask()
    torch.testing.assert_close(found.output, network(ROWS)[:, 1])
    torch.testing.assert_close(found.gap, found.output - found.reference - found.values.sum(-1))
    assert float(found.gap.abs().max()) > 0.01


def test_it_draws_from_its_generator_and_leaves_the_global_ones():
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    assert ask().values.equal(ask().values)
    assert not ask().values.equal(ask(seed=1).values)
    assert torch.get_rng_state().equal(before[0])
    assert (np.random.get_state()[1] == before[1]).all()  # noqa: NPY002


def test_with_its_knobs_bound_it_is_an_explainer():
    explain = partial(lime, background=BACKGROUND, generator=seeded(0))
    assert isinstance(explain, Explainer)
    assert explain(network, ROWS, target=0).values.shape == ROWS.shape


def test_one_column_is_a_line():
    found = ask(lambda x: 3 * x, ROWS[:, :1], target=0, background=BACKGROUND[:, :1], ridge=1e-9)
    torch.testing.assert_close(found.values, 3 * (ROWS - BACKGROUND.mean(0))[:, :1])


# Bad input


@pytest.mark.parametrize("shape", [(0, 4), (60, 3), (4,)])
def test_a_background_of_no_rows_or_other_columns_is_refused(monkeypatch, shape):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="at least two rows with the 4 columns of x"):
        ask(background=torch.zeros(shape))


def test_a_column_that_does_not_vary_is_named():
    still = BACKGROUND.clone()
    still[:, 2] = 0.1
    with pytest.raises(ValueError, match=r"column \[2\] of its 60 rows does not vary"):
        ask(background=still)


def test_fewer_points_than_a_plane_needs_are_refused():
    with pytest.raises(ValueError, match="more than 5 points; found n_samples 5"):
        ask(n_samples=5)


@pytest.mark.parametrize("knob", [{"width": 0.0}, {"width": -1.0}, {"ridge": 0.0}])
def test_a_width_or_ridge_that_is_not_positive_is_refused(knob):
    with pytest.raises(ValueError, match="width and ridge are positive"):
        ask(**knob)


def test_a_model_that_answers_nan_or_fails_is_told_of():
    with pytest.raises(ValueError, match="NaN or infinity"):
        ask(lambda x: x * float("nan"))
    with pytest.raises(ModelFailedError, match="shape"):
        ask(lambda x: x @ torch.zeros(9, 2, dtype=DOUBLE))


def test_a_target_that_is_no_output_is_refused():
    with pytest.raises(ValueError, match="target 2 is none"):
        ask(target=2)
