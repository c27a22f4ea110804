"""The glossary on its page: `{terms}` lists words, their Chinese, and who introduces them.

An entry is a line of four parts and a definition below it:

    support set, support | 支持集 | zhīchíjí | concepts/learning_to_learn
    The labelled examples of a task that a learner may see.

The first part is the name, its plural understood, and other forms that stand for it. A name with
brackets, `control (of a claim)`, is a heading only. A chapter behind a minus, `-judging/judges`,
uses the word in another sense. Entries are sorted by their English name; `{terms-in-chinese}` lists
them by pinyin. `glossary_links` links first uses to them.
Chapter: book/appendix/glossary.md.
"""

import unicodedata
from dataclasses import dataclass

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from metaxai_book.page_links import link_to

LOGGER = logging.getLogger(__name__)
PARTS = 4
CHINESE = "language-zh"  # docutils writes such a class as lang="zh"


@dataclass(frozen=True)
class Term:
    """A word of the book: its forms, its Chinese, its chapter, and what it means."""

    forms: tuple[str, ...]
    chinese: str
    pinyin: str
    chapter: str
    elsewhere: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        """Return the form that names the entry."""
        return self.forms[0]

    @property
    def anchor(self) -> str:
        """Return the id of the entry on its page."""
        return "term-" + nodes.make_id(self.name)


class Terms(SphinxDirective):
    """`{terms}`: the glossary, sorted by English name."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Write the entries, and keep them for the links of other pages."""
        here = self.env.docname
        found = sorted(read(list(self.content)), key=lambda term: term.name.casefold())
        for problem in problems(found):
            LOGGER.warning("the glossary: %s", problem, location=here)
        NbMetadataCollector.set_doc_data(self.env, here, "terms", found)
        items = [_item(term, here) for term in found]
        return [nodes.definition_list("", *items, classes=["glossary"])]


class TermsInChinese(SphinxDirective):
    """`{terms-in-chinese}`: the same entries by pinyin; stands below `{terms}` on its page."""

    def run(self) -> list[nodes.Node]:
        """Write a short line for each entry that leads to it."""
        data = NbMetadataCollector.get_doc_data(self.env)[self.env.docname]
        found = sorted(data["terms"], key=lambda term: by_sound(term.pinyin))
        lines = [nodes.list_item("", _line(term)) for term in found]
        return [nodes.bullet_list("", *lines, classes=["terms-in-chinese"])]


def setup(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("terms", Terms)
    app.add_directive("terms-in-chinese", TermsInChinese)


def pages_of_terms(env: BuildEnvironment) -> dict[str, list[Term]]:
    """Return the entries of each page that has some, by the page's name."""
    pages = NbMetadataCollector.get_doc_data(env).items()
    found = {page: data["terms"] for page, data in pages if data.get("terms")}
    return {page: found[page] for page in sorted(found) if page in env.found_docs}


def read(lines: list[str]) -> list[Term]:
    """Return the entries that lines of text describe.

    Raises:
        ValueError: if an entry has not four parts, or no definition.
    """
    blocks = "\n".join(lines).strip().split("\n\n")
    return [_entry(block.strip().splitlines()) for block in blocks if block.strip()]


def problems(found: list[Term]) -> list[str]:
    """Say which forms belong to two entries, so that a link would not know where to lead."""
    owner: dict[str, str] = {}
    said = []
    for term in found:
        for form in term.forms:
            if owner.setdefault(form.casefold(), term.name) != term.name:
                said.append(f"{form!r} stands for {owner[form.casefold()]!r} and {term.name!r}")
    return said


def by_sound(pinyin: str) -> str:
    """Return letters without their tones: what a dictionary sorts by."""
    letters = unicodedata.normalize("NFD", pinyin.casefold())
    return "".join(each for each in letters if each.isalnum())


def _entry(lines: list[str]) -> Term:
    parts = [part.strip() for part in lines[0].split("|")]
    if len(parts) != PARTS or not all(parts) or len(lines) == 1:
        raise ValueError(
            f"an entry needs `name, forms | Chinese | pinyin | chapter` and a definition below it; "
            f"found {lines}."
        )
    forms = tuple(form.strip() for form in parts[0].split(","))
    chapter, *elsewhere = parts[3].replace(" -", " ").split()
    text = " ".join(line.strip() for line in lines[1:])
    return Term(forms, parts[1], parts[2], chapter, tuple(elsewhere), text)


def _item(term: Term, here: str) -> nodes.definition_list_item:
    head = nodes.term("", "", nodes.Text(f"{term.name} "), _chinese(term), ids=[term.anchor])
    link = link_to(term.chapter, here=here)
    said = [nodes.Text(f"{term.text} Introduced in "), link, nodes.Text(".")]
    body = nodes.definition("", nodes.paragraph("", "", *said))
    return nodes.definition_list_item("", head, body)


def _line(term: Term) -> nodes.paragraph:
    link = nodes.reference("", term.name, internal=True, refid=term.anchor)
    said = nodes.Text(f" ({term.pinyin}) ")
    return nodes.paragraph("", "", _chinese(term), said, link)


def _chinese(term: Term) -> nodes.inline:
    return nodes.inline("", term.chinese, classes=[CHINESE])
