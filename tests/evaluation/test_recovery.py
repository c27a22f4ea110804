"""Recovery of relevant columns: as scikit-learn says, ties and all, and chance is chance."""

import jaxtyping
import pytest
import torch
from sklearn.metrics import roc_auc_score

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import precision_at, recovery
from metaxai_lab.evaluation.recovery import area

BOTH = pytest.mark.parametrize("judge", [recovery, lambda w, r: precision_at(w, r, 2)])


def drawn(levels):
    generator = seeded(0)
    weights = torch.randint(levels, (20, 12), generator=generator).float()
    relevant = torch.rand(20, 12, generator=generator) < 0.4
    relevant[:, 0], relevant[:, 1] = True, False
    return weights, relevant


@pytest.mark.parametrize("levels", [3, 1000])
def test_recovery_is_the_area_of_scikit_learn(levels):
    weights, relevant = drawn(levels)
    wanted = [roc_auc_score(r, w) for w, r in zip(weights, relevant, strict=True)]
    torch.testing.assert_close(recovery(weights, relevant).values, torch.tensor(wanted).float())


def test_recovery_by_hand():
    weights, relevant = torch.tensor([4.0, 3, 3, 1]), torch.tensor([False, True, False, False])
    assert recovery(weights, relevant).mean == pytest.approx(0.5)  # lost one, drew one, won one


def test_an_area_counts_pairs_and_halves_ties():
    values = torch.tensor([1.0, 2.0, 2.0, 0.0])
    assert area(values, torch.tensor([False, True, False, False])).item() == 2.5 / 3
    assert area(values, torch.ones(4).bool()).isnan()


def test_an_area_of_many_rows_is_exact():
    rows = torch.arange(10_000.0)
    assert area(rows, rows >= 9_000).item() == 1


def test_equal_weights_score_chance():
    weights, relevant = torch.ones(20, 12), drawn(3)[1]
    for score in (recovery(weights, relevant), precision_at(weights, relevant, 3)):
        torch.testing.assert_close(score.values, score.chance)


def test_precision_counts_the_relevant_among_the_first():
    weights = torch.tensor([0.9, 0.8, 0.7, 0.1])
    relevant = torch.tensor([True, False, True, False])
    assert [precision_at(weights, relevant, k).mean for k in (1, 2, 4)] == [1, 0.5, 0.5]


def test_columns_that_tie_share_the_last_places():
    weights = torch.tensor([0.9, 0.5, 0.5, 0.1])
    relevant = torch.tensor([True, True, False, False])
    assert precision_at(weights, relevant, 2).mean == pytest.approx(0.75)


@BOTH
def test_other_shapes_are_refused(judge, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"shape \(4,\) .* has \(3,\)"):
        judge(torch.rand(4), torch.tensor([True, False, True]))


@BOTH
def test_weights_that_are_not_finite_are_refused(judge):
    with pytest.raises(ValueError, match="1 weights are not finite"):
        judge(torch.tensor([1.0, torch.nan]), torch.tensor([True, False]))


@BOTH
@pytest.mark.parametrize("all_of", [True, False])
def test_a_task_with_nothing_to_tell_apart_is_refused(judge, all_of):
    with pytest.raises(ValueError, match="told apart"):
        judge(torch.rand(3), torch.full((3,), all_of))


@pytest.mark.parametrize("k", [0, 5])
def test_more_columns_than_there_are_are_refused(k):
    with pytest.raises(ValueError, match="k counts columns, 1 to 4"):
        precision_at(torch.rand(4), torch.tensor([True, False, True, True]), k)
