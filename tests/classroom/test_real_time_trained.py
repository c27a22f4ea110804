"""The network in service says what the amortised explainer says, and refuses another model."""

import pytest
import torch

from metaxai_lab.classroom.real_time_explainers import Mill
from metaxai_lab.classroom.real_time_trained import Trained
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, Training, amortize

ROWS = torch.randn(50, 10, generator=seeded(0))


def model(x):
    return x[..., :1] - 2 * x[..., 1:2]


@pytest.fixture
def trained():
    game = Game(model, ROWS[:8])
    how = {"n_rows": 100, "n_coalitions": 4, "training": Training(width=16, steps=5, batch=32)}
    one = Mill(model, game, ROWS, ROWS)
    return Trained(amortize(game, one.seen, generator=seeded(1), **how), model)


def test_it_says_what_the_explainer_says(trained):
    wanted = trained.explainer(model, ROWS, target=0).values
    assert torch.allclose(trained(ROWS), wanted, atol=1e-5)


def test_it_is_asked_once_whether_the_model_is_its_own(trained):
    trained.opened_for(model, ROWS[:1])
    with pytest.raises(ValueError, match="trained for another model"):
        trained.opened_for(lambda x: 5 + x[..., :1], ROWS[:1])
