"""The first use of a word in a chapter leads to its entry in the glossary.

Running text alone is looked at: paragraphs, with what is bold or slanted in them. Headings, code,
formulas, links, tables, captions, what a cell printed and what is folded away stay as they are. The
pages' sources know nothing of it; when an entry changes, every page is written anew, and no cell is
run for it. Chapter: book/appendix/glossary.md.
"""

import re
from collections.abc import Iterable
from functools import cache

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from metaxai_book.glossary import Term, pages_of_terms

INSIDE = (nodes.emphasis, nodes.strong)
OUTSIDE = (nodes.entry, nodes.figure, nodes.footnote, nodes.topic, nodes.definition_list)
CLOSED = {"cell_output", "dropdown", "measured"}


def setup(app: Sphinx) -> None:
    """Link words when a page is written, and write pages anew when an entry changed."""
    app.connect("env-updated", outdated)
    app.connect("doctree-resolved", link_page)


def outdated(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Name every page if the glossary is not that of the last build."""
    before, now = getattr(env, "metaxai_terms", None), pages_of_terms(env)
    env.metaxai_terms = now  # type: ignore[attr-defined]
    return sorted(env.all_docs) if before != now else []


def link_page(app: Sphinx, document: nodes.document, page: str) -> None:
    """Link the first uses on one page, if it is a chapter."""
    chapter = NbMetadataCollector.get_doc_data(app.env).get(page, {}).get("measured")
    if app.builder.format != "html" or not chapter:
        return
    for home, terms in pages_of_terms(app.env).items():
        meant = [term for term in terms if page not in term.elsewhere]
        link_first_uses(document, meant, app.builder.get_relative_uri(page, home))


def link_first_uses(document: nodes.Element, terms: list[Term], home: str) -> None:
    """Turn the first word or words in running text for each entry into a link to `home`."""
    left = {form: term for term in terms for form in spoken(term)}
    words = any_of(frozenset(left))
    for text in list(document.findall(nodes.Text)):
        if running(text):
            _link(text, words, left, home)


@cache
def any_of(words: frozenset[str]) -> re.Pattern[str]:
    """Return what finds any of the words, whole, and the longest where several begin."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def running(text: nodes.Text) -> bool:
    """Say whether a text is read as part of a paragraph that everybody sees."""
    holder = text.parent
    while isinstance(holder, INSIDE):
        holder = holder.parent
    if not isinstance(holder, nodes.paragraph):
        return False
    while holder is not None:
        if isinstance(holder, OUTSIDE) or CLOSED & set(holder.get("classes", [])):
            return False
        holder = holder.parent
    return True


def spoken(term: Term) -> set[str]:
    """Return every spelling that stands for an entry: forms, the plural, either at a beginning."""
    forms = {form for form in (*term.forms, plural(term.name)) if "(" not in form}
    return forms | {form[0].upper() + form[1:] for form in forms}


def plural(noun: str) -> str:
    """Return the regular plural of an English noun."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def _link(text: nodes.Text, words: re.Pattern[str], left: dict[str, Term], home: str) -> None:
    pieces, said, done = [], text.astext(), 0
    for found in words.finditer(said) if left else ():
        if term := left.get(found.group()):
            for form in spoken(term):
                left.pop(form, None)
            pieces += [
                nodes.Text(said[done : found.start()]),
                _reference(found.group(), term, home),
            ]
            done = found.end()
    if pieces:
        text.parent.replace(text, [*pieces, nodes.Text(said[done:])])


def _reference(word: str, term: Term, home: str) -> nodes.reference:
    to = {"refuri": f"{home}#{term.anchor}", "reftitle": term.text, "internal": True}
    return nodes.reference("", word, classes=["term"], **to)
