"""The program that answers rows of a table says what it does not know, and opens one file only."""

import json
from hashlib import sha256

import numpy as np
import pytest

from metaxai_lab.classroom import answer_rows
from metaxai_lab.classroom.answer_rows import VERSION, RefusedError, answers, opened

AGE = {"name": "age", "unit": "years", "low": 18.0, "high": 90.0, "levels": []}
KIND = {"name": "kind", "unit": "", "low": 0.0, "high": 1.0, "levels": ["car", "bicycle"]}
CARD = {"columns": [AGE, KIND]}
ROW = {"age": 40, "kind": "bicycle"}


def doubled(rows):
    return 2 * rows.sum(1), 2 * rows


def asked(*rows, ask=doubled):
    return answers(ask, CARD, rows)


def placed(folder, *, version=VERSION, told=None):
    content = b"no model"
    (folder / "rows.onnx").write_bytes(content)
    prints = {"rows.onnx": told or sha256(content).hexdigest()}
    (folder / "card.json").write_text(json.dumps({"version": version, "sha256": prints}))
    return folder


def test_a_category_goes_in_by_its_place_and_reasons_come_out_by_name():
    assert asked(ROW) == [{"answer": 82.0, "reasons": {"age": 80.0, "kind": 2.0}, "notes": []}]


def test_the_order_of_a_rows_columns_is_of_no_matter():
    assert asked({"kind": "bicycle", "age": 40}) == asked(ROW)


def test_a_missing_column_is_named():
    with pytest.raises(RefusedError, match=r"row 2 needs a value for kind; found none"):
        asked(ROW, {"age": 40})


@pytest.mark.parametrize("value", ["?", "40", None, float("nan"), float("inf"), 1e39, 10**400])
def test_what_is_no_finite_number_is_refused_in_words(value):
    with pytest.raises(RefusedError, match="row 1, age: needs a finite number, in years"):
        asked({**ROW, "age": value})


@pytest.mark.parametrize("value", ["tram", 1, None])
def test_an_unknown_category_is_refused_with_those_that_are_known(value):
    with pytest.raises(RefusedError, match="row 1, kind: known are car, bicycle; found"):
        asked({**ROW, "kind": value})


@pytest.mark.parametrize("value", [17, 480])
def test_a_value_outside_its_range_is_answered_and_flagged(value):
    [said] = asked({**ROW, "age": value})
    assert said["answer"] == 2 * value + 2
    [note] = said["notes"]
    assert note.startswith(f"age is {value}; training rows had 18 to 90 (years).")
    assert "another unit" in note


@pytest.mark.parametrize(("low", "high", "end"), [(0.7, 9.0, 0.7), (-9.0, 0.1, 0.1)])
def test_the_ends_of_a_range_as_32_bits_round_them_are_inside(low, high, end):
    rounded = float(np.float32(end))
    assert not low <= rounded <= high
    narrow = {"columns": [{**AGE, "low": low, "high": high}]}
    assert answers(doubled, narrow, [{"age": rounded}])[0]["notes"] == []


def test_a_column_too_many_is_ignored_by_name():
    [said] = asked({**ROW, "postcode": 1010})
    assert said["answer"] == 82
    assert said["notes"] == ["Ignored, for the model does not know it: postcode."]


def test_no_row_at_all_is_refused():
    with pytest.raises(RefusedError, match="no row was asked"):
        asked()


def test_something_else_than_a_row_is_refused():
    with pytest.raises(RefusedError, match=r"row 1 is no list of columns .*found \[40, 1\]"):
        asked([40, 1])


def test_an_answer_that_is_not_finite_is_not_given():
    with pytest.raises(RefusedError, match="no finite answer"):
        asked(ROW, ask=lambda rows: (rows.sum(1) * np.nan, rows))


def test_a_model_that_its_card_does_not_describe_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_rows, "_session", lambda file: pytest.fail("it was opened"))
    with pytest.raises(RefusedError, match=r"rows.onnx is not the file that its card describes"):
        opened(placed(tmp_path, told="0" * 64))


def test_the_right_model_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_rows, "_session", lambda file: doubled)
    ask, card = opened(placed(tmp_path))
    assert ask is doubled
    assert card["version"] == VERSION


@pytest.mark.parametrize("found", [VERSION + 1, None])
def test_another_version_is_refused_and_both_are_named(tmp_path, found):
    with pytest.raises(RefusedError, match=f"has version {found}.*reads version {VERSION}"):
        opened(placed(tmp_path, version=found))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RefusedError, match=r"rows.onnx or card.json is missing"):
        opened(tmp_path)
