"""The bibliography: every entry is whole, found by its key, and cited by a page."""

import re
import unicodedata
from pathlib import Path

import pytest
from pybtex.database import parse_file

BOOK = Path(__file__).parents[2] / "book"
ENTRIES = parse_file(str(BOOK / "references.bib")).entries
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
VENUES = ("journal", "booktitle", "publisher", "institution", "school", "howpublished", "eprint")


def cited() -> set[str]:
    """Return the keys that a chapter or a page cites."""
    pages = [*BOOK.rglob("*.ipynb"), *BOOK.rglob("*.md")]
    found = [keys for page in pages for keys in CITED.findall(page.read_text("utf8"))]
    return {key.strip() for keys in found for key in keys.split(",")}


def plain(name: str) -> str:
    """Return the letters of a family name without accents."""
    text = unicodedata.normalize("NFD", re.sub(r"\\[a-zA-Z]+\s+|\\.|[{}]", "", name))
    return "".join(each for each in text.casefold() if each.isascii() and each.isalpha())


def test_every_entry_is_cited_and_everything_cited_is_an_entry():
    assert cited() == set(ENTRIES)


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_an_entry_has_an_author_a_title_a_year_and_a_place(key):
    entry = ENTRIES[key]
    assert entry.persons["author"]
    assert entry.fields["title"]
    assert 1900 < int(entry.fields["year"]) <= 2026
    assert any(entry.fields.get(venue) for venue in (*VENUES, "url")), key


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_a_key_is_the_first_family_name_and_the_year(key):
    first = ENTRIES[key].persons["author"][0]
    family = plain("".join([*first.prelast_names, *first.last_names]))
    spelled = (family, family.replace("o", "oe"))  # ö
    assert any(each.startswith(key[:-4]) or each.endswith(key[:-4]) for each in spelled)
    assert key[-4:] == ENTRIES[key].fields["year"]


def test_no_work_is_listed_twice():
    titles = [plain(entry.fields["title"]) for entry in ENTRIES.values()]
    assert len(titles) == len(set(titles))
