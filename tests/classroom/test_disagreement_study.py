"""Methods in their true order, and what judges make of it."""

import pytest
import torch

from metaxai_lab.classroom import disagreement_study as study
from metaxai_lab.core import Score
from metaxai_lab.evaluation.kendall import kendall

PLAN = study.Plan(n_tasks=3, n_rows=4)


@pytest.fixture(scope="module")
def found():
    return study.sitting("products, correlated", PLAN)


def test_exact_values_come_first_in_the_true_order_and_their_reverse_last(found):
    names = list(found.methods)
    assert (found.sizes.argmax(1) == names.index("exact")).all()
    assert (found.order.argmin(1) == names.index("reversed")).all()


def test_the_reverse_has_an_error_of_2(found):
    assert study.mean_error(found.methods["reversed"], found.kind.exact) == pytest.approx(2)


def test_a_judge_who_knows_the_truth_has_a_tau_of_1(found):
    marks = study.marks_by(
        found.methods,
        lambda a: Score(
            "knows",
            -(a.values - found.kind.exact.values).norm(dim=-1)
            / found.kind.exact.values.norm(dim=-1),
        ),
    )
    torch.testing.assert_close(kendall(marks, found.sizes), torch.ones(3))


def test_rows_that_were_explained_are_not_explained_again(found):
    exact, asked = found.methods["exact"], []

    def way(model, x, *, target):
        asked.append(x)
        return exact

    again = study._known(way, exact)
    assert again(found.kind.model, found.kind.rows, target=0) is exact
    assert asked == []
    again(found.kind.model, found.kind.rows + 0.1, target=0)
    assert len(asked) == 1


def test_low_marks_that_are_better_are_turned():
    marks = torch.tensor([[1.0, 3.0]])
    assert study.of_models(Score("low", marks, higher_is_better=False)).tolist() == [-2]
    assert study.of_models(Score("high", marks)).tolist() == [2]


def test_each_judge_is_beside_each_other_on_each_model(found):
    taus = study.beside_each_other({"a": found, "b": found})
    assert taus.shape == (6, len(found.marks), len(found.marks))
    torch.testing.assert_close(taus, taus.mT)
    first = list(found.marks).index("PGI")
    torch.testing.assert_close(
        taus[:3, first, 0], kendall(found.marks["PGI"], found.marks["deletion, rows"])
    )


def test_the_truth_of_the_mean_is_another_order(found):
    own = study.of_the_mean(found)
    assert own.shape == found.sizes.shape
    assert not torch.equal(own, found.sizes)


def test_the_gate_refuses_stability_for_want_of_a_chance_level():
    gate = study.gate_of("additive", n_models=2, n_rows=4, seed=1)
    assert gate["stability"].reasons == ("it has no chance level.",)
    assert set(gate) >= {"deletion, rows", "entropy"}
