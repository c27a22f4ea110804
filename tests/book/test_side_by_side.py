"""Chapters run at the same time, each with its share of the cores, and what failed is not kept."""

import os
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig

from metaxai_book import side_by_side
from metaxai_book.side_by_side import THREADS, at_once, cores_each, share_of_cores, with_cells

MEETS = """
from pathlib import Path; from time import monotonic, sleep
Path("{own}").touch(); late = monotonic() + 60
while not Path("{other}").exists():
    assert monotonic() < late, "alone"
    sleep(0.05)
"""


def notebook(path: Path, source: str) -> Path:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), path)
    return path


def fill(folder: Path, paths: list[Path]) -> list[Path]:
    read = {path: nbformat.read(path, as_version=4) for path in paths}
    return side_by_side.fill(folder, read, timeout=100)


def kept(folder: Path, path: Path) -> nbformat.NotebookNode:
    cache = get_cache(folder)
    return cache.merge_match_into_notebook(nbformat.read(path, as_version=4))[1]


@pytest.fixture
def two_at_once(monkeypatch):
    monkeypatch.setattr(side_by_side, "at_once", lambda: 2)


def test_two_chapters_run_at_the_same_time(tmp_path, two_at_once):
    one = notebook(tmp_path / "one.ipynb", MEETS.format(own="one", other="two"))
    two = notebook(tmp_path / "two.ipynb", MEETS.format(own="two", other="one"))
    assert set(fill(tmp_path / "cache", [one, two])) == {one, two}


def test_what_ran_is_kept_and_not_run_again(tmp_path):
    chapter = notebook(tmp_path / "chapter.ipynb", "print(6 * 7)")
    fill(tmp_path / "cache", [chapter])
    assert kept(tmp_path / "cache", chapter).cells[0].outputs[0].text == "42\n"
    assert fill(tmp_path / "cache", [chapter]) == []


def test_a_chapter_that_fails_is_not_kept_and_stops_no_other(tmp_path, two_at_once):
    fails = notebook(tmp_path / "fails.ipynb", "1 / 0")
    stands = notebook(tmp_path / "stands.ipynb", "1 / 1")
    assert fill(tmp_path / "cache", [fails, stands]) == [stands]
    with pytest.raises(KeyError):
        kept(tmp_path / "cache", fails)


def test_a_chapter_is_told_its_share_of_the_cores(tmp_path, monkeypatch):
    monkeypatch.setenv(THREADS, "77")
    asks = notebook(tmp_path / "asks.ipynb", f"import os; print(os.environ[{THREADS!r}])")
    fill(tmp_path / "cache", [asks])
    assert kept(tmp_path / "cache", asks).cells[0].outputs[0].text == f"{cores_each()}\n"
    assert os.environ[THREADS] == "77"


def test_a_number_of_threads_that_nobody_set_is_unset_again(monkeypatch):
    monkeypatch.delenv(THREADS, raising=False)
    with share_of_cores():
        assert os.environ[THREADS] == str(cores_each())
    assert THREADS not in os.environ


@pytest.mark.parametrize(("cores", "beside", "each"), [(1, 1, 1), (2, 2, 1), (3, 3, 1), (16, 4, 4)])
def test_cores_are_shared_among_four_chapters_at_most(monkeypatch, cores, beside, each):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert (at_once(), cores_each()) == (beside, each)


MARKDOWN = """---
jupytext: {text_representation: {format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

```{code-cell}
print(6 * 7)
```
"""


def test_a_markdown_page_with_cells_runs_ahead_and_words_alone_do_not(tmp_path):
    page, words = tmp_path / "page.md", tmp_path / "words.md"
    page.write_text(MARKDOWN)
    words.write_text("# Words\n\nNo cell.\n")
    reads = SimpleNamespace(myst_config=MdParserConfig(), mystnb_config=NbParserConfig())
    found = with_cells(reads, [page, words])
    assert side_by_side.fill(tmp_path / "cache", found, timeout=100) == [page]
    again = with_cells(reads, [page])[page]
    ran = get_cache(tmp_path / "cache").merge_match_into_notebook(again)[1]
    assert [cell.outputs[0].text for cell in ran.cells if cell.cell_type == "code"] == ["42\n"]


def test_pages_are_written_side_by_side_once_all_were_read() -> None:
    app = SimpleNamespace(parallel=1)
    side_by_side.write_side_by_side(app, None)
    assert app.parallel == at_once()
