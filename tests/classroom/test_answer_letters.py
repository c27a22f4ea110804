"""The program that leaves the lab opens the right files, and no others."""

import io
import json
import sys
from hashlib import sha256
from zipfile import ZipFile

import numpy as np
import pytest

from metaxai_lab.classroom import answer_letters
from metaxai_lab.classroom.answer_letters import (
    VERSION,
    RefusedFileError,
    answers,
    opened,
    refuse_other_version,
)


def placed(folder, content=b"no program", told=None):
    (folder / "letters.pt2").write_bytes(content)
    prints = {"letters.pt2": told or sha256(content).hexdigest()}
    (folder / "card.json").write_text(json.dumps({"sha256": prints}))
    return folder


def test_a_file_that_its_card_does_not_describe_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_letters, "_pt2", lambda file: pytest.fail("it was opened"))
    with pytest.raises(RefusedFileError, match=r"letters.pt2 is not the file that its card"):
        opened(placed(tmp_path, told="0" * 64), "pt2")


def test_the_right_file_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_letters, "_pt2", lambda file: answer)
    assert opened(placed(tmp_path), "pt2") is answer


def answer(past, classes, new):
    return new, new


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RefusedFileError, match=r"letters.onnx or card.json is missing"):
        opened(placed(tmp_path), "onnx")


def test_an_unknown_format_is_refused_with_the_list(tmp_path):
    with pytest.raises(RefusedFileError, match="formats are pt2, onnx; found 'pickle'"):
        opened(tmp_path, "pickle")


@pytest.mark.parametrize("found", [VERSION + 1, str(VERSION + 1), None])
def test_another_version_is_refused_and_both_are_named(tmp_path, found):
    with pytest.raises(RefusedFileError, match=f"has version {found}.*reads version {VERSION}"):
        refuse_other_version(tmp_path / "letters.pt2", found)


@pytest.mark.parametrize(
    ("parts", "found"),
    [({"letters/extra/stamp": f'{{"version": {VERSION + 1}}}'}, VERSION + 1), ({}, None)],
)
def test_a_pt2_file_of_another_version_is_refused_before_torch_is_imported(
    tmp_path, monkeypatch, parts, found
):
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    monkeypatch.setitem(sys.modules, "torch", None)  # to import it now fails
    with pytest.raises(RefusedFileError, match=f"has version {found}"):
        opened(placed(tmp_path, content.getvalue()), "pt2")


@pytest.mark.parametrize("found", [VERSION, str(VERSION)])
def test_its_own_version_is_let_through(tmp_path, found):
    assert refuse_other_version(tmp_path / "letters.pt2", found) is None


@pytest.mark.parametrize("part", ["past", "classes", "new"])
def test_a_question_that_lacks_a_part_is_no_empty_question(part):
    question = {"past": [[0.0] * 4], "classes": [0], "new": [[0.0] * 4]}
    del question[part]
    with pytest.raises(KeyError, match=part):
        answers(lambda *parts: (np.zeros((0, 2)), np.zeros((0, 4))), question)


def test_time_is_taken_of_one_new_picture_and_only_where_it_is_asked_for():
    asked = []

    def ask(past, classes, new):
        asked.append(len(new))
        return np.zeros((len(new), 2)), np.zeros((len(new), 4))

    question = {"past": [[0.0] * 4], "classes": [0], "new": [[0.0] * 4] * 3}
    assert "milliseconds" not in answers(ask, question)
    assert answers(ask, question, repeats=2)["milliseconds"] >= 0
    assert asked == [3, 3, 1, 1]


def test_what_a_rival_asks_is_timed_all_at_once_and_seldom():
    asked = []

    def ask(past, classes, new):
        asked.append(len(new))
        return np.zeros((len(new), 2)), np.zeros((len(new), 4))

    rows = [[0.0] * 4]
    question = {"past": rows, "classes": [0], "new": rows, "beside": rows * 7}
    assert "beside" not in answers(ask, question)
    said = answers(ask, question, repeats=200)
    assert said["beside"] >= 0
    assert asked.count(1) == 202
    assert asked.count(7) == 2
