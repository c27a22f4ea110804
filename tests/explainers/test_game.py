"""A game is judged by values mixed by hand, by what it counts, and by models that misbehave."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.explainers import (
    Game,
    ModelFailedError,
    all_coalitions,
    exact_shapley,
    explainer_of,
)

WEIGHTS = torch.randn(4, 3, generator=seeded(0))
BACKGROUND = torch.randn(6, 4, generator=seeded(1))
ROWS = torch.randn(5, 4, generator=seeded(2))


def model(x):
    return (x @ WEIGHTS).tanh()


def test_a_value_is_the_mean_output_over_the_background_with_the_known_columns_of_the_row():
    mask = torch.tensor([[True, False, True, False]])
    mixed = BACKGROUND.clone()
    mixed[:, [0, 2]] = ROWS[3, [0, 2]]
    found = Game(model, BACKGROUND, target=1).values(ROWS, mask)
    torch.testing.assert_close(found[3, 0], model(mixed)[:, 1].mean())


def test_the_ends_are_the_background_and_the_row_itself():
    empty, whole = Game(model, BACKGROUND, target=2).ends(ROWS)
    torch.testing.assert_close(empty, model(BACKGROUND)[:, 2].mean().expand(5))
    torch.testing.assert_close(whole, model(ROWS)[:, 2])


@pytest.mark.parametrize("tile", [1, 7, 24, 60, 100_000])
def test_the_size_of_a_tile_does_not_matter(tile):
    masks = all_coalitions(4)
    found = Game(model, BACKGROUND, tile=tile).values(ROWS, masks)
    torch.testing.assert_close(found, Game(model, BACKGROUND).values(ROWS, masks))


@pytest.mark.parametrize("tile", [6, 24, 60])
def test_no_tile_is_larger_than_told_where_one_value_fits_in_it(tile):
    seen = []

    def watched(x):
        seen.append(len(x))
        return model(x)

    Game(watched, BACKGROUND, tile=tile).values(ROWS, all_coalitions(4))
    assert max(seen) == tile
    assert sum(seen) == 5 * 16 * 6


def test_it_counts_one_query_for_each_row_and_coalition():
    game = Game(model, BACKGROUND, tile=18)
    game.values(ROWS, all_coalitions(4))
    game.ends(ROWS)
    assert game.n_queries == 5 * 16 + 5 * 2


@pytest.mark.parametrize("tile", [6, 18, 8192])
def test_masks_row_by_row_answer_as_one_by_one(tile):
    masks = torch.rand(5, 7, 4, generator=seeded(3)) < 0.5
    found = Game(model, BACKGROUND, tile=tile).values(ROWS, masks)
    for i in range(5):
        alone = Game(model, BACKGROUND).values(ROWS[i : i + 1], masks[i])
        torch.testing.assert_close(found[i], alone[0])


@pytest.mark.parametrize("tile", [12, 8192])
def test_a_target_for_each_row_is_asked_for_its_row(tile):
    each = torch.tensor([2, 0, 1, 1, 0])
    masks = all_coalitions(4)
    found = Game(model, BACKGROUND, target=each, tile=tile).values(ROWS, masks)
    for i in range(5):
        one = Game(model, BACKGROUND, target=int(each[i])).values(ROWS[i : i + 1], masks)
        torch.testing.assert_close(found[i], one[0])


@pytest.mark.parametrize("tile", [12, 8192])
def test_stacked_tasks_have_a_background_and_rows_and_masks_of_their_own(tile):
    weights = torch.randn(2, 4, 3, generator=seeded(4))
    background, rows = torch.randn(2, 6, 4), torch.randn(2, 5, 4)
    masks = torch.rand(2, 5, 7, 4, generator=seeded(3)) < 0.5
    found = Game(lambda x: (x @ weights).tanh(), background, tile=tile).values(rows, masks)
    for task in range(2):
        alone = Game(lambda x, w=weights[task]: (x @ w).tanh(), background[task])
        torch.testing.assert_close(found[task], alone.values(rows[task], masks[task]))


def test_a_constant_background_is_a_baseline():
    baseline = torch.randn(1, 4, generator=seeded(5))
    many = exact_shapley(Game(model, baseline.expand(6, 4)), ROWS)
    torch.testing.assert_close(many.values, exact_shapley(Game(model, baseline), ROWS).values)


def test_a_background_of_copies_of_the_row_leaves_nothing_to_explain():
    found = exact_shapley(Game(model, ROWS[:1].expand(6, 4)), ROWS[:1])
    torch.testing.assert_close(found.values, torch.zeros(1, 4), atol=1e-6, rtol=0)


def test_no_rows_cost_nothing():
    game = Game(model, BACKGROUND)
    assert game.values(ROWS[:0], all_coalitions(4)).shape == (0, 16)
    assert game.n_queries == 0


class FailsOnce:
    """A model that answers, fails at one call, and answers again."""

    def __init__(self, at, error):
        self.at, self.error, self.n_calls, self.n_rows = at, error, 0, 0

    def __call__(self, x):
        self.n_calls += 1
        if self.n_calls == self.at:
            raise self.error
        self.n_rows += len(x)
        return model(x)


def test_a_model_that_fails_costs_only_the_tile_it_failed_at():
    flaky = FailsOnce(4, TimeoutError("no answer"))
    game = Game(flaky, BACKGROUND, tile=60)
    with pytest.raises(ModelFailedError, match=r"TimeoutError: no answer.*26 of 80 values"):
        game.values(ROWS, all_coalitions(4))
    found = game.values(ROWS.clone(), all_coalitions(4))
    torch.testing.assert_close(found, Game(model, BACKGROUND).values(ROWS, all_coalitions(4)))
    assert flaky.n_rows == 80 * 6
    assert game.n_queries == 80


def test_an_explanation_that_was_interrupted_goes_on_where_it_stopped():
    slow = FailsOnce(3, KeyboardInterrupt())
    game = Game(slow, BACKGROUND, tile=60)
    with pytest.raises(KeyboardInterrupt):
        exact_shapley(game, ROWS)
    found = exact_shapley(game, ROWS)
    assert slow.n_rows == 80 * 6
    torch.testing.assert_close(found.values, exact_shapley(Game(model, BACKGROUND), ROWS).values)


def test_what_was_paid_for_is_not_mistaken_for_other_rows_even_if_they_changed_in_place():
    flaky, rows = FailsOnce(4, TimeoutError()), ROWS.clone()
    game = Game(flaky, BACKGROUND, tile=60)
    with pytest.raises(ModelFailedError):
        game.values(rows, all_coalitions(4))
    rows += 1
    fresh = Game(model, BACKGROUND).values(ROWS + 1, all_coalitions(4))
    torch.testing.assert_close(game.values(rows, all_coalitions(4)), fresh)


def test_no_gradient_is_kept():
    weights = WEIGHTS.clone().requires_grad_()
    found = Game(lambda x: x @ weights, BACKGROUND).values(ROWS, all_coalitions(4))
    assert not found.requires_grad


def test_an_estimator_with_its_background_is_an_explainer():
    assert isinstance(explainer_of(exact_shapley, BACKGROUND), Explainer)


# Bad input


@pytest.fixture
def unchecked(monkeypatch):
    """Leave it to our own errors to find a wrong shape."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


@pytest.mark.parametrize("shape", [(0, 4), (6, 0), (4,)])
def test_an_empty_background_is_refused(unchecked, shape):
    with pytest.raises(ValueError, match="at least one row and one column"):
        Game(model, torch.zeros(shape))


def test_a_tile_without_a_row_is_refused():
    with pytest.raises(ValueError, match="at least one row; found 0"):
        Game(model, BACKGROUND, tile=0)


def test_rows_of_another_table_are_refused(unchecked):
    with pytest.raises(ValueError, match=r"background of 4 columns; found rows of 3"):
        Game(model, BACKGROUND).values(ROWS[:, :3], all_coalitions(4))


def test_a_lone_row_is_refused(unchecked):
    with pytest.raises(ValueError, match=r"found the shape \(4,\). For one row r: r\[None\]"):
        Game(model, BACKGROUND).values(ROWS[0], all_coalitions(4))


def test_masks_of_another_table_are_refused(unchecked):
    with pytest.raises(ValueError, match=r"background of 4 columns; .* masks of 5"):
        Game(model, BACKGROUND).values(ROWS, all_coalitions(5))


def test_masks_for_other_rows_are_refused(unchecked):
    masks = torch.zeros(2, 7, 4, dtype=torch.bool)
    with pytest.raises(ValueError, match=r"found \(2, 7, 4\) beside rows of \(5, 4\)"):
        Game(model, BACKGROUND).values(ROWS, masks)


def test_rows_of_other_tasks_than_the_background_are_refused(unchecked):
    with pytest.raises(ValueError, match=r"stack of tasks \(\), the rows \(2,\)"):
        Game(model, BACKGROUND).values(ROWS.expand(2, 5, 4), all_coalitions(4))


def test_a_model_of_another_table_fails_with_the_columns_it_was_asked():
    game = Game(lambda x: x @ torch.zeros(9, 2), BACKGROUND)
    with pytest.raises(ModelFailedError, match=r"shape \(480, 4\), .*0 of 80 values"):
        game.values(ROWS, all_coalitions(4))


def test_a_target_that_is_no_output_is_refused():
    with pytest.raises(ValueError, match="target 3 is none"):
        Game(model, BACKGROUND, target=3).values(ROWS, all_coalitions(4))
