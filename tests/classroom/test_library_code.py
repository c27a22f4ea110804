"""What `shap` compiles is kept; who cannot write computes all the same."""

import pytest
import torch

from metaxai_lab.classroom import library_code
from metaxai_lab.classroom.library_explainers import shap_permutation
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game

pytestmark = pytest.mark.filterwarnings("ignore:The set_.* function:PendingDeprecationWarning")
DATA = torch.randn(20, 4, generator=seeded(0))


def test_who_asks_shap_about_a_table_has_its_loops_kept():
    game = Game(lambda x: x.sum(-1, keepdim=True), DATA)
    shap_permutation(game, DATA[:1], n_queries=20, generator=seeded(1))
    assert all(loop.stats.cache_path is not None for loop in library_code.loops())


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(monkeypatch):
    class Loop:
        def enable_caching(self):
            raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(library_code, "loops", lambda: (Loop(), Loop()))
    library_code.keep_compiled.__wrapped__()


def test_another_error_is_not_hidden(monkeypatch):
    monkeypatch.setattr(library_code, "loops", lambda: (object(),))
    with pytest.raises(AttributeError):
        library_code.keep_compiled.__wrapped__()
