"""The site hangs together: links lead somewhere, nothing is fetched from afar, times are stated."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

CHAPTERS = sorted((Path(__file__).parents[2] / "book").rglob("*.ipynb"))
TOC = yaml.safe_load((Path(__file__).parents[2] / "book" / "_toc.yml").read_text())
PAGES = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
LARGEST = 1_500_000  # bytes
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


@cache
def read(html: Path) -> BeautifulSoup:
    return BeautifulSoup(html.read_text("utf8"), "html.parser")


@cache
def anchors(html: Path) -> set[str]:
    return {element["id"] for element in read(html).find_all(id=True)}


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


def broken(html: Path, link: str) -> bool:
    """Say whether a link within the site leads to no file, or to no element of its page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = (html.parent / unquote(parts.path)).resolve() if parts.path else html
    if not target.is_file():
        return True
    return bool(parts.fragment) and unquote(parts.fragment) not in anchors(target)


def test_a_link_to_nowhere_would_be_found(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p id="here"></p>')
    assert [
        link for link in ("#here", "#gone", "page.html#here", "gone.html") if broken(page, link)
    ] == [
        "#gone",
        "gone.html",
    ]


def test_every_link_within_the_site_leads_somewhere(book):
    found = {
        (html.relative_to(book).as_posix(), element["href"])
        for html in pages(book)
        for element in read(html).find_all("a", href=True)
        if element["href"] != "#" and broken(html, element["href"])
    }
    assert found == set()


def test_no_page_loads_anything_from_afar(book):
    loaded = [
        (html.name, element.get(attribute) or "")
        for html in pages(book)
        for tag, attribute in LOADED.items()
        for element in read(html).find_all(tag)
    ]
    assert loaded
    assert [(page, url) for page, url in loaded if re.match(r"(https?:)?//", url)] == []


def test_no_style_loads_anything_from_afar(book):
    for sheet in (book / "_static").rglob("*.css"):
        imported = re.findall(
            r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")\s]+)", sheet.read_text()
        )
        assert imported == [], sheet


def test_every_page_has_a_language_a_title_and_one_heading(book):
    for html in pages(book):
        if html.name in ("genindex.html", "search.html") or is_sent_on(html):
            continue
        shown = read(html).find("article")
        assert read(html).html["lang"] == "en", html
        assert read(html).title.string, html
        assert len(shown.find_all("h1")) == 1, html


def test_every_page_says_in_its_head_what_it_is(book):
    for html in pages(book):
        if not is_sent_on(html):
            assert fault_of_description(read(html)) == "", html


def fault_of_description(page: BeautifulSoup) -> str:
    """Say what is wrong with the description of a page; nothing if it is one sentence in words."""
    found = [tag["content"] for tag in page.find_all("meta", attrs={"name": "description"})]
    if len(found) != 1:
        return f"a page has one description; found {len(found)}"
    return "" if 10 <= len(found[0]) <= 300 else f"10 to 300 letters; found {len(found[0])}"


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ('<meta name="description" content="Two networks give the same answers.">', ""),
        ("", "found 0"),
        ('<meta name="description" content="Why?">', "found 4"),
        (2 * '<meta name="description" content="Two networks give the same.">', "found 2"),
    ],
)
def test_a_missing_description_would_be_found(head, fault):
    assert fault in fault_of_description(BeautifulSoup(head, "html.parser"))


def is_sent_on(html: Path) -> bool:
    """Say whether a page only leads to another."""
    return bool(read(html).find("meta", attrs={"http-equiv": "Refresh"}))


def test_every_page_is_small(book):
    """Players lie in the page with all their frames, so a page can grow unseen."""
    sizes = {html.relative_to(book).as_posix(): html.stat().st_size for html in pages(book)}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


def test_a_page_leads_to_the_one_before_and_to_the_one_after(book):
    first, *others = [book / f"{page}.html" for page in PAGES]
    turns = {html: {link for link in ("prev", "next") if turn(html, link)} for html in others}
    assert turn(first, "next")
    assert {html.name for html in others[:-1] if turns[html] != {"prev", "next"}} == set()
    assert turns[others[-1]] == {"prev"}


def turn(html: Path, way: str) -> bool:
    """Say whether a page has a link back or on, in its head and below its text."""
    page = read(html)
    return bool(
        page.find("link", rel=way)
        and page.find("a", class_={"prev": "left-prev", "next": "right-next"}[way])
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_states_the_seconds_that_its_run_took(book, chapter):
    where = chapter.relative_to(Path(__file__).parents[2] / "book").with_suffix(".html")
    line = read(book / where).find(class_="measured").get_text()
    assert re.search(r"minutes? to read, (\d+ seconds?|under a second) to run \(measured", line)


def test_the_introduction_lists_the_times_of_every_chapter(book):
    table = read(book / "intro.html").find("table")
    titles = {row.find("a").get_text() for row in table.find("tbody").find_all("tr")}
    assert len(titles) == len(CHAPTERS)
