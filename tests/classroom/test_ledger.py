from pathlib import Path

import nbformat
import pytest
from docutils.core import publish_string
from jupyter_cache import get_cache
from jupyter_cache.cache.main import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_parser.parsers.docutils_ import Parser

from metaxai_lab.classroom.claims import Record
from metaxai_lab.classroom.ledger import (
    lacking,
    link,
    markdown,
    page_of,
    problems,
    read,
    unfinished,
)
from metaxai_lab.classroom.statements import STATEMENTS

BOOK = Path(__file__).parents[2] / "book"
CLAIM = Record("claim", "A8.peak", "holds", "hits ≈ 0.87, wanted at least 0.8.", "attention/eq")
VERDICT = Record("verdict", "A8", "conditional", "with 3 shots.", "attention/eq")


@pytest.fixture
def chapter(tmp_path):
    """A book of one notebook that makes a claim and was never run."""
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "attention").mkdir()
    source = "from metaxai_lab.classroom import claim\nclaim('A8.x', 1, at_least=0, what='hits')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    path = tmp_path / "attention" / "eq.ipynb"
    nbformat.write(notebook, path)
    return path


def html(text):
    settings = {
        "myst_enable_extensions": [
            "deflist",
            "colon_fence",
            "dollarmath",
            "linkify",
            "substitution",
        ]
    }
    overrides = settings | {"report_level": 2, "halt_level": 2, "output_encoding": "unicode"}
    page = publish_string(text, parser=Parser(), writer_name="html5", settings_overrides=overrides)
    return page[page.index("<main") :]


def test_every_statement_is_on_the_ledger_before_anything_is_measured():
    page = html(markdown([]))
    for id, statement in STATEMENTS.items():
        assert f'<span id="{id}"></span>{id}, section {statement.section}: ' in page
    assert page.count("not yet measured</strong>") == len(STATEMENTS) == 32


def test_a_statement_that_is_left_out_is_missed():
    fewer = {id: statement for id, statement in STATEMENTS.items() if id != "B7"}
    assert 'id="B7"' not in html(markdown([], fewer))


def test_the_ledger_gives_the_verdict_and_the_number_behind_it():
    page = html(markdown([CLAIM, VERDICT]))
    assert "A8, section 3.2: <strong>conditional</strong>" in page
    assert "A8 is conditional</a>: with 3 shots." in page
    assert "A8.peak holds</a>: hits ≈ 0.87, wanted at least 0.8." in page


def test_a_number_leads_to_the_cell_that_measured_it():
    assert '<a href="../attention/eq.html#claim-A8.peak">' in html(markdown([CLAIM]))


def test_a_measured_statement_without_a_verdict_says_so():
    assert "A8, section 3.2: <strong>measured, no verdict yet" in html(markdown([CLAIM]))


def test_the_ledger_counts_its_states():
    assert markdown([CLAIM, VERDICT]).startswith("32 statements: 1 conditional, 31 not yet meas")


@pytest.mark.parametrize(
    "sentence",
    ["*a* _b_ `c`", "<b>", "[x](y)", "$1 and 2$", "{{ a }}", "{ref}`x`", "A9.is", "a\\b"],
)
def test_marks_in_a_sentence_reach_the_page_letter_by_letter(sentence):
    page = html(markdown([Record("claim", "A8.x", "holds", sentence, "p")]))
    shown = sentence.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"A8.x holds</a>: {shown}</p>" in page


def test_a_page_has_the_name_that_sphinx_gives_it(chapter):
    assert page_of(chapter) == "attention/eq"


def test_a_notebook_that_was_never_run_has_no_records(chapter):
    assert read([chapter]) == []


def test_records_are_read_from_the_run_that_the_build_keeps(chapter, tmp_path):
    cache = get_cache(tmp_path / "cache")
    notebook = nbformat.read(chapter, as_version=4)
    single_nb_execution(notebook, cwd=None, timeout=60, allow_errors=False)
    cache.cache_notebook_bundle(CacheBundleIn(notebook, str(chapter)), overwrite=True)
    (record,) = read([chapter], cache=tmp_path / "cache")
    assert (record.id, record.state, record.page) == ("A8.x", "holds", "attention/eq")


def test_a_run_of_another_text_is_not_taken_for_this_chapter(chapter, tmp_path):
    cache = get_cache(tmp_path / "cache")
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    cache.cache_notebook_bundle(CacheBundleIn(other, str(chapter)), check_validity=False)
    assert read([chapter], cache=tmp_path / "cache") == []


@pytest.fixture
def stored(chapter):
    """The same notebook with outputs of some earlier run in its file."""
    notebook = nbformat.read(chapter, as_version=4)
    fields = {"kind": "claim", "id": "A8.x", "state": "holds", "sentence": "hits"}
    notebook.cells[0].outputs = [
        nbformat.v4.new_output("stream", text="a line of no claim"),
        nbformat.v4.new_output("display_data", {"text/plain": "x"}, metadata={"metaxai": fields}),
    ]
    nbformat.write(notebook, chapter)
    return chapter


def test_records_are_read_from_stored_outputs_where_no_build_is_asked(stored):
    assert read([stored]) == [Record("claim", "A8.x", "holds", "hits", "attention/eq")]


def test_what_is_stored_does_not_count_in_a_build_that_did_not_finish_the_chapter(stored, tmp_path):
    assert read([stored], cache=tmp_path / "none") == []
    assert unfinished([stored], cache=tmp_path / "none") == ["attention/eq"]
    assert not (tmp_path / "none").exists()


def test_a_chapter_that_ran_to_its_end_is_finished(chapter, tmp_path):
    cache = get_cache(tmp_path / "cache")
    notebook = nbformat.read(chapter, as_version=4)
    cache.cache_notebook_bundle(CacheBundleIn(notebook, str(chapter)), check_validity=False)
    assert unfinished([chapter], cache=tmp_path / "cache") == []


def test_a_sound_ledger_has_no_problems():
    assert problems([CLAIM, VERDICT]) == []


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([Record("claim", "A8.x", "fails", "hits", "p")], "p: A8.x fails: hits"),
        ([CLAIM, CLAIM], "A8.peak has 2 claims"),
        ([CLAIM, VERDICT, VERDICT], "A8 has 2 verdicts"),
        ([VERDICT], "rests on no claim that holds"),
        ([Record("claim", "A99.x", "holds", "hits", "p")], "no statement A99"),
    ],
)
def test_a_problem_is_named(records, words):
    assert any(words in problem for problem in problems(records))


@pytest.mark.parametrize(
    ("records", "words"),
    [([], "A8 is not yet measured"), ([CLAIM], "A8 is measured, no verdict yet")],
)
def test_a_statement_without_a_verdict_is_lacking(records, words):
    (said,) = lacking(records, {"A8": STATEMENTS["A8"]})
    assert said.startswith(words)
    assert "say `verdict('A8', ...)`" in said


def test_a_statement_with_a_verdict_is_not_lacking():
    assert lacking([CLAIM, VERDICT], {"A8": STATEMENTS["A8"]}) == []
    assert len(lacking([CLAIM, VERDICT])) == len(STATEMENTS) - 1


def test_a_link_says_the_words_that_it_is_given():
    asked = link(CLAIM, "appendix/summary", "a <word>")
    assert asked == '<a href="../attention/eq.html#claim-A8.peak">a \\<word\\></a>'


@pytest.fixture(scope="module")
def whole_book():
    chapters = [p for p in sorted(BOOK.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    return read(chapters)


def test_the_stored_chapters_of_this_book_have_no_problems(whole_book):
    assert problems(whole_book) == []


def test_the_stored_chapters_of_this_book_close_every_statement(whole_book):
    assert lacking(whole_book) == []
