"""The record of the long run: written and read again, and pairs that are pairs."""

from functools import partial
from itertools import count

import pytest
import torch

from metaxai_lab.classroom import tables_record as record
from metaxai_lab.classroom import tables_study


@pytest.fixture
def marks():
    errors = {"10": {"guided": [1.0, 2.0], "pooled": [1.5, 1.75]}}
    return record.Marks((10,), {"10": ["a", "b"]}, errors, 0.5)


def test_a_record_is_read_as_it_was_written(marks, tmp_path):
    record.write(tmp_path / "kept.json", {"table": marks})
    assert record.read(tmp_path / "kept.json") == {"table": marks}


def test_a_lead_is_the_rivals_error_less_the_guided_one(marks):
    assert marks.lead("pooled", 10).tolist() == [0.5, -0.25]


def test_groups_with_too_few_rows_are_left_out_of_a_column(monkeypatch):
    monkeypatch.setattr(record, "ROWS", (10, 40))
    monkeypatch.setattr(record, "WITH_FORESTS", ())
    monkeypatch.setattr(record, "train", partial(tables_study.train, steps=1))
    monkeypatch.setattr(record, "N_JUDGED", 4)
    found = record.study(tables_study.cut("diabetes"), seeds=(0,), clock=count().__next__)
    assert len(found.groups["10"]) == 8
    assert len(found.groups["40"]) == len(found.errors["40"]["guided"]) == 5
    assert found.seconds == 1


def test_the_stored_record_has_a_finite_error_for_each_group_it_names():
    for name, marks in record.read().items():
        for k, groups in marks.groups.items():
            for method, errors in marks.errors[k].items():
                assert len(errors) == len(groups), (name, k, method)
                assert torch.tensor(errors).isfinite().all()


def test_forests_are_judged_on_the_first_of_the_draws_that_judge_the_lines(monkeypatch):
    diabetes = tables_study.cut("diabetes")
    fold = tables_study.leave(diabetes, diabetes.judged[0])
    seen = []
    monkeypatch.setattr(
        record, "forest_errors", lambda judged, generator: seen.append(judged) or torch.zeros(1)
    )
    record.forests(fold, 10)
    assert torch.equal(seen[0].query.x, record.drawn(fold, 10).query.x[: record.N_FORESTS])
