"""Simulatability: by hand with a reader that is easily foretold, and through the gate."""

from functools import partial

import pytest
import torch

from metaxai_lab.core import Attribution, Examples, seeded
from metaxai_lab.evaluation import admit
from metaxai_lab.evaluation.simulatability import guessed_right, simulatability
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.tasks.random_models import random_models

MODELS = random_models("products", n_models=60, n_features=6, generator=seeded(0))
SHOWN, OTHERS = MODELS.rows[:, 16:32], MODELS.rows[:, -100:]
EXACT = exact_shapley(Game(MODELS, MODELS.rows[:, :16]), SHOWN)
CUT = MODELS(MODELS.rows)[..., 0].median(1, keepdim=True).values


def answers(x):
    return (MODELS(x)[..., 0] > CUT).float()


def judge(attribution):
    asked = Examples(OTHERS, answers(OTHERS))
    return simulatability(attribution, answers(SHOWN), asked, generator=seeded(1))


def test_exact_values_are_best_and_random_places_at_chance():
    slope = EXACT.values.sign()
    rivals = {"signs": Attribution(slope, SHOWN, EXACT.output, EXACT.reference)}
    found = admit(judge, EXACT, rivals, generator=seeded(2))
    assert found.admitted
    assert found.shares["another row"] < 0.5
    assert found.shares["flat"] < 0.3


def test_each_row_has_a_mark_of_0_or_1_and_a_chance():
    found = judge(EXACT)
    assert found.values.shape == found.chance.shape == (60, 100)
    assert set(found.values.flatten().tolist()) == {0.0, 1.0}
    assert found.higher_is_better


def test_a_guess_is_right_where_it_is_above_0_and_the_answer_is_yes():
    asked = Examples(torch.tensor([[1.0], [2.0], [-1.0]]), torch.tensor([1, 0, 0]))
    assert guessed_right(lambda x: x, asked).tolist() == [1, 0, 1]


def test_the_reader_never_sees_the_rows_that_are_asked():
    seen_rows = []

    def noting(seen, shares):
        seen_rows.append((seen.x, shares))
        return lambda x: x[..., :1]

    asked = Examples(OTHERS, answers(OTHERS))
    ask = partial(simulatability, EXACT, answers(SHOWN), asked, read=noting, n_draws=2)
    ask(generator=seeded(0))
    assert [x.shape == SHOWN.shape for x, _ in seen_rows] == [True] * 3
    assert torch.equal(seen_rows[0][1], EXACT.values)
    assert torch.equal(seen_rows[1][1].sort(-1).values, EXACT.values.sort(-1).values)


def test_no_draws_are_refused():
    asked = Examples(OTHERS, answers(OTHERS))
    with pytest.raises(ValueError, match="one or more; found 0"):
        simulatability(EXACT, answers(SHOWN), asked, n_draws=0, generator=seeded(0))
