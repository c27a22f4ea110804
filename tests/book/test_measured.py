"""The table of times: chapters alone, or every page that has cells, with their sum."""

import nbformat
from bs4 import BeautifulSoup

CELLS = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
---

# A page with a cell

```{code-cell} ipython3
1 + 1
```
"""
START = """# A book

```{measured-table}
```

```{measured-table}
:all:
```
"""


def test_all_pages_with_cells_are_listed_and_summed_where_that_is_asked_for(tmp_path, builder):
    pages = ("chapter", "celled", "silent")
    toc = "".join(f"- file: {name}\n" for name in pages)
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{toc}")
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text(START)
    (tmp_path / "celled.md").write_text(CELLS)
    (tmp_path / "silent.md").write_text("# A page without cells\n\nWords.\n")
    title = nbformat.v4.new_markdown_cell("# A chapter")
    cells = [title, nbformat.v4.new_code_cell("2 + 2")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "chapter.ipynb")
    ran = builder(tmp_path, tmp_path)
    assert ran.returncode == 0, ran.stderr
    page = BeautifulSoup((tmp_path / "_build/html/index.html").read_text("utf8"), "html.parser")
    few, every = ([first(row) for row in table.tbody("tr")] for table in page("table"))
    assert few == ["A chapter"]
    assert every == ["A chapter", "A page with a cell", "2 pages together"]


def first(row):
    return row.td.get_text().strip()
