"""A round asks about rows of the units alone, by lines that never saw what was left out."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import left_out_rounds as rounds
from metaxai_lab.classroom import tables_rivals, tables_study
from metaxai_lab.classroom.tables_abreast import train_all


@pytest.fixture(scope="module")
def bands():
    """Two of the bands of diabetes as one group, one alone; the others stay."""
    whole = tables_study.cut("diabetes")
    others = list(whole.groups)[2:]
    groups = {"both": (0, 1), **{name: whole.groups[name] for name in others}}
    return replace(whole, groups=groups, judged=("both", others[0]))


def test_rows_of_a_unit_are_its_own(bands):
    fold = tables_study.leave(bands, "both")
    rows = rounds.drawn(fold, (0, 1), 5, seed=3)
    for place, task in enumerate((0, 1)):
        mine = fold.table.y[tables_study.rows_of(fold.table, (task,))]
        one = slice(place * rounds.N_DRAWS, (place + 1) * rounds.N_DRAWS)
        assert torch.isin(rows.query.y[one], mine).all()
        assert torch.isin(rows.support.y[one], mine).all()


def test_nothing_of_what_was_left_out_goes_into_training(bands, monkeypatch):
    seen = []

    def noted(found, **how):
        seen.extend((set(one.fold.trained), set(one.fold.out)) for one in found)
        return train_all(found, **how)

    monkeypatch.setattr(rounds, "train_all", noted)
    list(rounds.rounds(bands, (5,), seed=3, steps=1))
    assert [out for _, out in seen] == [{0, 1}, {2}]
    assert all(trained == set(range(8)) - out for trained, out in seen)


def test_a_round_asks_the_units_that_have_rows_enough(bands):
    asked = [(place, one.units) for place, one in rounds.rounds(bands, (5, 46), seed=3, steps=1)]
    assert asked == [(0, (0, 1)), (1, (0,)), (0, (2,)), (1, (2,))]  # unit 1 has 60 rows, not 61


def test_all_lines_are_those_of_the_rivals_and_the_learner(bands):
    _, one = next(rounds.rounds(bands, (5,), seed=3, steps=1))
    wanted = tables_rivals.everyone(tables_rivals.rivals(one.fold), 5)(one.rows.support)
    assert set(one.lines) == {*wanted, rounds.LEARNED}
    for name, line in wanted.items():
        torch.testing.assert_close(one.lines[name].weights, line.weights)
    assert not one.lines[rounds.LEARNED].weights.requires_grad


def test_means_by_unit_are_over_its_own_draws(bands):
    _, one = next(rounds.rounds(bands, (5,), seed=3, steps=1))
    values = torch.arange(2.0).repeat_interleave(rounds.N_DRAWS)
    assert one.by_unit(values).tolist() == [0.0, 1.0]
