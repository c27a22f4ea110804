"""What the page on Shapley values measures: exact values of a model, errors, the other game."""

import pytest
import torch

from metaxai_lab.classroom import shapley_study as study
from metaxai_lab.core import seeded
from metaxai_lab.explainers import lime, shapley_of

pytestmark = pytest.mark.filterwarnings("ignore:The set_.* function:PendingDeprecationWarning")
TWINS = torch.tensor([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0], [1.0, 1.0]])


def first(x):
    return x[:, :1]


def test_the_values_of_a_judged_model_add_up():
    found = study.judged("bc12", 0, n_rows=3)
    assert found.rows.shape == (3, 12)
    torch.testing.assert_close(found.exact.gap, torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(found.exact.output, found.local.model(found.rows)[:, 0])


def test_the_first_rows_keep_their_model_and_their_values():
    whole = study.judged("bc12", 0, n_rows=3)
    some = whole.first(2)
    assert some.local is whole.local
    assert torch.equal(some.rows, whole.rows[:2])
    assert torch.equal(some.exact.values, whole.exact.values[:2])
    assert torch.equal(some.exact.gap, whole.exact.gap[:2])


def test_backgrounds_that_share_no_row_lie_nearer_the_more_rows_they_have():
    case = study.judged("bc12", 0, n_rows=3)
    few, many = (study.apart(case, n, n_pairs=3) for n in (4, 128))
    assert len(few) == 3
    assert 0 < sum(many) < sum(few) / 2


def test_lime_gets_the_background_of_the_game():
    case = study.judged("bc12", 0, n_rows=2)
    knobs = {"target": 0, "n_samples": 100, "generator": seeded(7)}
    ours = lime(case.local.model, case.rows, background=case.local.background, **knobs)
    assert torch.equal(study.estimators(case)["LIME"](100), ours.values)


def test_off_by_is_the_median_over_the_rows():
    exact = torch.tensor([[3.0, 4.0], [0.0, 2.0], [1.0, 0.0]])
    found = exact * torch.tensor([[2.0], [1.25], [1.5]])
    assert study.off_by(found, exact) == pytest.approx(0.5)


def test_each_estimator_gives_a_value_for_each_column_and_comes_near():
    case = study.judged("bc12", 0, n_rows=2)
    for name, ask in study.estimators(case).items():
        error = study.off_by(ask(200), case.exact.values)
        assert error < (0.7 if name == "LIME" else 0.35), name


def test_lime_is_asked_from_other_seeds():
    case = study.judged("bc12", 0, n_rows=2)
    runs = study.lime_runs(case, n_rows=2, n_samples=100, discretised=True, n_seeds=2)
    assert runs.shape == (2, 2, 12)
    assert not torch.equal(runs[0], runs[1])


def test_captum_is_nearer_to_the_game_it_plays_and_to_the_game_it_is_given():
    case = study.judged("bc12", 0, n_rows=2)
    played, meant, turned, crossed = study.captum_errors(case, n_queries=300)
    assert max(played, turned) < 0.2 < min(meant, crossed)


def test_the_other_rows_are_training_rows_outside_the_background():
    case = study.judged("bc12", 2, n_rows=2)
    found = study.others(case, 40)
    assert found.shape == (40, 12)
    assert not bool((found[:, None] == case.local.background).all(-1).any())
    assert bool((found[:, None] == case.local.data).all(-1).any(-1).all())


def test_given_its_twin_a_column_is_known():
    # no column: one half; either of the twins, or both: 1
    values = study.conditional_values(first, TWINS, TWINS[-1])
    assert values.tolist() == [0.5, 1, 1, 1]
    assert shapley_of(values).tolist() == pytest.approx([0.25, 0.25])


def test_of_independent_columns_the_unused_one_gets_nothing():
    table = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    values = study.conditional_values(first, table, table[-1])
    assert shapley_of(values).tolist() == pytest.approx([0.5, 0])


def test_a_row_that_the_table_lacks_is_refused():
    with pytest.raises(ValueError, match="no row of the table has all values"):
        study.conditional_values(first, TWINS, torch.tensor([0.0, 1.0]))
