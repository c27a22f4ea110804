"""An export comes back the same; a class is one table, and no cell of it is a formula."""

import csv
import io

import pytest

from metaxai_lab.classroom.progress_export import Export, NoExportError, export, joined, read
from metaxai_lab.classroom.progress_table import Row, rows

WHEN = "2026-05-04T03:02:01+00:00"
DONE = Row("concepts", "why_explain", "contributions", 1, 5, WHEN)
OPEN = Row("concepts", "why_explain", "fall", 2, 10)
LOCAL = Row("local", "amortized", "speed", 3, 20)

every_kind = pytest.mark.parametrize("name", ["ada.json", "ada.csv", "ada.CSV"])


@every_kind
@pytest.mark.parametrize("learner", ["Ada", "=cmd()", "'quoted'", 'a "b", c', "艾达"])
def test_what_goes_out_comes_back(name, learner, tmp_path):
    export([DONE, OPEN, LOCAL], learner, tmp_path / name)
    assert read(tmp_path / name) == Export(learner, (DONE, OPEN, LOCAL))


@every_kind
def test_all_exercises_of_the_book_go_out_and_come_back(name, tmp_path):
    export(rows({"fall": WHEN}), "Ada", tmp_path / name)
    assert list(read(tmp_path / name).rows) == rows({"fall": WHEN})


@every_kind
def test_a_learner_without_a_name_is_called_as_the_file_is(name, tmp_path):
    export([DONE], "", tmp_path / name)
    assert read(tmp_path / name).learner == "ada"


@every_kind
def test_an_export_may_be_made_anew_but_nothing_else_is_overwritten(name, tmp_path):
    export([OPEN], "Ada", tmp_path / name)
    export([DONE], "Ada", tmp_path / name)
    assert read(tmp_path / name).rows == (DONE,)
    (tmp_path / name).write_text("my thesis")
    with pytest.raises(NoExportError):
        export([DONE], "Ada", tmp_path / name)
    assert (tmp_path / name).read_text() == "my thesis"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "3", "{}", '{"what": "other", "learner": "", "rows": []}', "\udcff"],
)
@every_kind
def test_what_is_no_export_is_refused_by_its_name(name, content, tmp_path):
    (tmp_path / name).write_bytes(content.encode("utf8", "surrogateescape"))
    with pytest.raises(NoExportError, match=name):
        read(tmp_path / name)
    with pytest.raises(NoExportError, match="gone"):
        read(tmp_path / "gone.json")


def test_a_spreadsheet_runs_nothing(tmp_path):
    export([DONE], "=HYPERLINK(1)", tmp_path / "ada.csv")
    lines = list(csv.reader(io.StringIO((tmp_path / "ada.csv").read_text())))
    assert lines[1][0] == "'=HYPERLINK(1)"
    assert "\n'=HYPERLINK(1),1,1\n" in joined([read(tmp_path / "ada.csv")])


def test_a_class_is_one_table_with_a_column_for_each_chapter():
    found = joined([Export("Bo", (OPEN, LOCAL)), Export("Ada", (DONE, OPEN))])
    assert found.splitlines() == [
        "learner,passed,concepts/why_explain (of 2),local/amortized (of 1)",
        "Ada,1,1,",
        "Bo,0,0,0",
    ]


def test_chapters_stand_in_the_order_of_the_book_and_unknown_ones_last():
    odd = Row("a", "b", "c", 1, 5)
    head = joined([Export("Ada", (odd, LOCAL, DONE))]).splitlines()[0]
    assert [word.partition(" ")[0] for word in head.split(",")[2:]] == [
        "concepts/why_explain",
        "local/amortized",
        "a/b",
    ]
