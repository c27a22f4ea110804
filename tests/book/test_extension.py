"""The Sphinx extension: what is fresh, what is counted, and that no warning is forgotten."""

import re
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from unittest.mock import MagicMock

import nbformat
import pybtex.plugin
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from pybtex.backends import plaintext

import metaxai_book
from metaxai_book.fresh import fingerprint
from metaxai_book.measured import minutes_to_read, sentence


@pytest.fixture
def lab(tmp_path):
    (tmp_path / "room.py").write_text(
        '"""A room."""\n\ndef f(x):\n    """Double."""\n    return 2 * x\n'
    )
    return tmp_path


def change(lab, old: str, new: str) -> bool:
    """Say whether a change of the room changes the fingerprint."""
    before, room = fingerprint(lab, []), lab / "room.py"
    room.write_text(room.read_text().replace(old, new))
    return fingerprint(lab, []) != before


def test_a_change_of_the_code_makes_chapters_run_again(lab):
    assert change(lab, "2 * x", "3 * x")


def test_a_change_of_a_docstring_or_a_comment_does_not(lab):
    assert not change(lab, "Double.", "Twice as much.  # honest")
    assert not change(lab, "return", "# twice\n    return")


def test_a_change_of_the_front_end_makes_chapters_run_again(lab):
    (lab / "widget.js").write_text("let a = 1;")
    before = fingerprint(lab, [])
    (lab / "widget.js").write_text("let a = 2;")
    assert fingerprint(lab, []) != before


def test_another_scale_has_a_cache_of_its_own(lab):
    assert fingerprint(lab, ["quick"]) != fingerprint(lab, ["full"])


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "under a second"), (1.2, "1 second "), (41.7, "42 seconds ")]
)
def test_measured_seconds_are_said_in_words(seconds, words):
    assert f"About 3 minutes to read, {words.strip()} to run" in sentence(3, seconds)


def test_a_page_that_did_not_run_says_so():
    assert (
        sentence(1, None)
        == "About 1 minute to read; its cells were not run to the end when this page was built."
    )


@pytest.mark.parametrize(("words", "minutes"), [(10, 1), (180, 1), (181, 2), (1800, 10)])
def test_minutes_to_read_are_rounded_up(words, minutes):
    document = nodes.section("", nodes.paragraph("", "word " * words))
    assert minutes_to_read(document) == minutes


def test_lines_of_code_take_time_to_read_and_outputs_do_not():
    code = nodes.literal_block("", "x = 1\n" * 60)
    cell = nodes.container("", code, classes=["cell_input"])
    output = nodes.container("", code.deepcopy(), classes=["cell_output"])
    assert minutes_to_read(nodes.section("", cell)) == 3
    assert minutes_to_read(nodes.section("", output)) == 0


def test_the_table_of_times_leads_to_each_chapter_that_ran(small_book):
    page = BeautifulSoup((small_book / "index.html").read_text("utf8"), "html.parser")
    (row,) = page.find("table").find("tbody").find_all("tr")
    chapter, minutes, seconds = row.find_all("td")
    assert chapter.find("a")["href"] == "players.html"
    assert re.fullmatch(r"\d+ minutes?", minutes.get_text(strip=True))
    assert re.fullmatch(r"\d+ seconds?", seconds.get_text(strip=True))


def test_no_line_ends_between_the_sign_and_its_number(small_book):
    assert "≈\N{NO-BREAK SPACE}0.83" in (small_book / "index.html").read_text("utf8")


def test_a_build_that_warned_warns_again(tmp_path, builder):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text("# A page\n\n{doc}`nowhere`\n")
    for _ in range(2):
        ran = builder(tmp_path, tmp_path)
        assert ran.returncode != 0
        assert "unknown document: 'nowhere'" in ran.stderr


@pytest.mark.parametrize("option", ["", ":partial:\n"])
def test_a_ledger_that_lacks_a_verdict_stops_the_build_unless_it_says_so(tmp_path, builder, option):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text(f"# What was found\n\n```{{ledger}}\n{option}```\n")
    ran = builder(tmp_path, tmp_path)
    warned = "the ledger: A1 is not yet measured" in ran.stderr
    assert (warned, ran.returncode == 0) == ((False, True) if option else (True, False))


@pytest.mark.parametrize("state", ["supported", "refuted"])
def test_a_summary_whose_line_was_written_for_another_verdict_stops_the_build(
    tmp_path, builder, state
):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: found\n")
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text("# On one page\n\n```{ledger-summary}\n```\n")
    source = (
        "from metaxai_lab.classroom import claim, verdict\n"
        "claim('A11.loop', 1, at_least=0, what='hits', control={'chance': -1})\n"
        f"verdict('A11', '{state}', 'as told.')"
    )
    cells = [nbformat.v4.new_markdown_cell("# Found"), nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "found.ipynb")
    ran = builder(tmp_path, tmp_path)
    warned = f"in_short says that A11 is supported, its verdict that it is {state}" in ran.stderr
    assert (warned, ran.returncode == 0) == (
        (False, True) if state == "supported" else (True, False)
    )
    said = (tmp_path / "_build/html/index.html").read_text("utf8")
    assert 'href="found.html#claim-A11.loop"' in said or state == "refuted"
    assert "31 have no verdict in this build" in said


def test_a_page_that_fails_shows_nothing_that_an_earlier_run_found(tmp_path, builder):
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: broken\n- file: ledger\n- file: worlds\n"
    )
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text("# A book\n\n```{measured-table}\n```\n")
    (tmp_path / "ledger.md").write_text("# What was found\n\n```{ledger}\n```\n")
    (tmp_path / "worlds.md").write_text("# Worlds\n\n```{five-worlds}\n```\n")
    stale = nbformat.v4.new_output("stream", text="found long ago")
    cells = [
        nbformat.v4.new_markdown_cell("# Broken"),
        nbformat.v4.new_code_cell("1 / 0"),
        nbformat.v4.new_code_cell("print('not reached')", outputs=[stale], execution_count=2),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "broken.ipynb")
    assert builder(tmp_path, tmp_path).returncode != 0
    pages = {
        name: (tmp_path / f"_build/html/{name}.html").read_text("utf8")
        for name in ("index", "broken", "ledger", "worlds")
    }
    assert "ZeroDivisionError" in pages["broken"]
    assert "found long ago" not in pages["broken"]
    assert "its cells were not run to the end" in pages["broken"]
    assert "No chapter was run in this build." in pages["index"]
    assert "in this build they failed" in pages["ledger"]
    assert "No page of the part Applications ran in this build." in pages["worlds"]


# Workers that share a build


def test_of_several_workers_one_builds_and_the_others_wait_and_are_told(tmp_path, by_one):
    builds = []

    def make():
        builds.append("begun")
        sleep(0.2)
        return "page 3 warns"

    with ThreadPoolExecutor(4) as workers:
        told = [workers.submit(by_one, tmp_path / "book.txt", make) for _ in range(4)]
    assert {each.result() for each in told} == {"page 3 warns"}
    assert builds == ["begun"]


def test_a_build_that_was_broken_off_is_begun_anew(tmp_path, by_one):
    def broken_off():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        by_one(tmp_path / "book.txt", broken_off)
    assert by_one(tmp_path / "book.txt", lambda: "built") == "built"


def test_a_citation_finds_its_backend_without_a_look_at_all_packages(monkeypatch):
    metaxai_book.setup(MagicMock())
    monkeypatch.setattr(pybtex.plugin, "entry_points", lambda **_: pytest.fail("looked"))
    assert pybtex.plugin.find_plugin("pybtex.backends", "plaintext") is plaintext.Backend
