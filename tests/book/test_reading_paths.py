"""Ways through the book are summed from its pages, and each page says in its head what it is."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from metaxai_book.promises import promise
from metaxai_book.reading_paths import exercise_minutes, spoken, taken
from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.progress_table import rows

INDEX = """# A <b>book</b>

*A promise with "quotes" & <b>marks</b>.*

```{reading-path}
part/long
part/short
```

```{contents-with-times}
```
"""


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    """Return the folder of a book without a notebook."""
    folder = tmp_path_factory.mktemp("little")
    toc = "format: jb-book\nroot: index\nparts:\n- caption: One part\n  chapters:\n"
    (folder / "_toc.yml").write_text(f"{toc}  - file: part/long\n  - file: part/short\n")
    (folder / "references.bib").write_text("")
    (folder / "part").mkdir()
    (folder / "index.md").write_text(INDEX)
    (folder / "part/long.md").write_text(f"# Long\n\n*It is long.*\n\n{'word ' * 400}\n")
    (folder / "part/short.md").write_text("# Short\n\nPlain words, *one* in italics.\n")
    return folder


@pytest.fixture(scope="module")
def built(little, builder):
    ran = builder(little, little)
    assert ran.returncode == 0, ran.stderr

    def page(name):
        html = (little / f"_build/html/{name}.html").read_text("utf8")
        return BeautifulSoup(html, "html.parser")

    return page


def test_each_page_is_described_by_its_promise_or_its_first_words(built):
    said = {
        name: [
            tag["content"] for tag in built(name).find_all("meta", attrs={"name": "description"})
        ]
        for name in ("index", "part/long", "part/short", "genindex", "search")
    }
    assert said["index"] == ["A promise with “quotes” & <b>marks</b>."]
    assert said["part/long"] == ["It is long."]
    assert said["part/short"] == ["Plain words, one in italics."]
    assert said["genindex"] == ["Index, Learning to Explain"]
    assert len(said["search"]) == 1


def test_a_path_sums_the_minutes_of_its_pages_and_leads_to_them(built):
    article = built("index").find("article")
    path, contents = article.find_all("ul")[:2]
    assert path.find_previous("p").get_text() == "2 pages, about 4 minutes to read."
    assert [link["href"] for link in path.find_all("a")] == ["part/long.html", "part/short.html"]
    said = [item.get_text().strip() for item in path.find_all("li")]
    assert said == ["Long (3 minutes)", "Short (1 minute)"]
    assert contents.find_previous("p").get_text().startswith("One part: 2 pages")


def test_the_contents_tell_a_promise_and_no_other_sentence(built):
    contents = built("index").find("article").find_all("ul")[1]
    assert [item.get_text().strip() for item in contents.find_all("li")] == [
        "Long (3 minutes): It is long.",
        "Short (1 minute)",
    ]


def test_a_path_to_a_page_that_is_not_there_stops_the_build(tmp_path, builder):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text("# A book\n\n```{reading-path}\ngone\n```\n")
    ran = builder(tmp_path, tmp_path)
    assert ran.returncode != 0
    assert "a reading path has no page 'gone'" in ran.stderr


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (150, "2 ½ hours"),
        (610, "10 hours"),
    ],
)
def test_minutes_are_said_as_a_reader_would(minutes, words):
    assert spoken(minutes) == words


def test_exercises_are_told_where_there_are_some():
    assert taken(3, 0, 1) == "1 page, about 3 minutes to read"
    assert taken(130, 45, 4) == "4 pages, about 2 hours to read; 45 minutes of exercises"


def test_the_minutes_of_exercises_are_those_that_the_exercises_state():
    minutes, page = exercise_minutes(), "appendix/teaching"
    open_tasks = sum(row.minutes for row in rows({}) if row.page == page)
    assert open_tasks > 0
    assert page not in minutes, "a teacher reads of the open tasks there, and does not do them"
    assert sum(minutes.values()) + open_tasks == sum(one.minutes for one in EXERCISES.values())


def test_a_page_without_words_promises_nothing():
    document = nodes.section("", nodes.title("", "Title"), nodes.bullet_list())
    assert promise(document) == ("", False)
    assert promise(nodes.section("")) == ("", False)
