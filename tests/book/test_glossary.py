"""The glossary: entries are sound, and the first use of a word in a chapter leads to its entry."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from docutils import nodes

from metaxai_book.glossary import by_sound, problems, read
from metaxai_book.glossary_links import link_first_uses, plural, spoken

BOOK = Path(__file__).parents[2] / "book"
ENTRIES = re.search(
    r"```\{terms\}\n(.*?)\n```", (BOOK / "appendix/glossary.md").read_text("utf8"), re.S
)
GLOSSARY = read(ENTRIES.group(1).splitlines()) if ENTRIES else []
WORDS = read(
    """\
gate | 门控 | ménkòng | importance/gates -judging/judges
A number between 0 and 1.

learned gate | 学得的门控 | xuédé de ménkòng | importance/gates
A gate that a network sets.

policy, way to act | 策略 | cèlüè | outlook/acting
What chooses an action.

LIME | 局部解释 | júbù jiěshì | local/lime
A local explanation.

control (of a claim), controls | 对照 | duìzhào | concepts/why_explain
What should fail the same test.""".splitlines()
)


def linked(*inside: nodes.Node, holder=nodes.paragraph, wrap=nodes.section) -> list[tuple]:
    """Link words in one paragraph, or in another holder, and list them with what they lead to."""
    document = wrap("", holder("", "", *inside))
    link_first_uses(document, WORDS, "glossary.html")
    return [(each.astext(), each["refuri"]) for each in document.findall(nodes.reference)]


GATE = ("gate", "glossary.html#term-gate")


def test_the_first_use_leads_to_the_entry_and_the_second_does_not():
    assert linked(nodes.Text("A gate, and a gate.")) == [GATE]


def test_a_word_inside_a_phrase_with_an_entry_waits_for_its_own_use():
    found = linked(nodes.Text("A learned gate. The learned gate opens. This gate does not."))
    assert found == [("learned gate", "glossary.html#term-learned-gate"), GATE]
    document = nodes.paragraph("", "A learned gate; one more learned gate.")
    link_first_uses(document, WORDS, "glossary.html")
    assert len(list(document.findall(nodes.reference))) == 1


def test_text_around_a_link_stays_as_it_was():
    document = nodes.paragraph("", "One gate or two policies, then LIME. A gate.")
    link_first_uses(document, WORDS, "glossary.html")
    assert document.astext() == "One gate or two policies, then LIME. A gate."
    assert len(list(document.findall(nodes.reference))) == 3


def test_a_link_tells_the_definition_and_can_be_styled():
    document = nodes.paragraph("", "A gate.")
    link_first_uses(document, WORDS, "glossary.html")
    (link,) = document.findall(nodes.reference)
    assert link["reftitle"] == "A number between 0 and 1."
    assert link["classes"] == ["term"]


@pytest.mark.parametrize("text", ["Gates open.", "two gates", "Gate", "gate's end", "(gate)"])
def test_plurals_and_beginnings_of_sentences_count(text):
    assert len(linked(nodes.Text(text))) == 1


@pytest.mark.parametrize("text", ["gated", "tailgate", "gate-keeper", "meta-gate", "lime", "GATE"])
def test_parts_of_words_and_other_words_do_not(text):
    assert linked(nodes.Text(text)) == []


def test_the_longest_name_wins():
    assert linked(nodes.Text("a learned gate")) == [
        ("learned gate", "glossary.html#term-learned-gate")
    ]


def test_a_name_in_brackets_is_linked_by_its_other_forms_alone():
    assert linked(nodes.Text("control (of a claim), control, controls")) == [
        ("controls", "glossary.html#term-control-of-a-claim")
    ]


@pytest.mark.parametrize("inline", [nodes.emphasis, nodes.strong])
def test_bold_and_slanted_words_are_linked(inline):
    assert linked(inline("", "gate")) == [GATE]


@pytest.mark.parametrize("inline", [nodes.literal, nodes.reference, nodes.math, nodes.inline])
def test_code_links_formulas_and_what_is_computed_are_not(inline):
    document = nodes.paragraph("", "", inline("", "gate"))
    link_first_uses(document, WORDS, "glossary.html")
    assert not [each for each in document.findall(nodes.reference) if "term" in each["classes"]]


@pytest.mark.parametrize("holder", [nodes.title, nodes.caption, nodes.literal_block, nodes.rubric])
def test_headings_captions_and_blocks_of_code_are_not(holder):
    assert linked(nodes.Text("gate"), holder=holder) == []


@pytest.mark.parametrize("wrap", [nodes.entry, nodes.footnote, nodes.figure])
def test_tables_notes_and_figures_are_not(wrap):
    assert linked(nodes.Text("gate"), wrap=wrap) == []


@pytest.mark.parametrize("closed", ["dropdown", "cell_output", "measured"])
def test_what_is_folded_or_printed_is_not(closed):
    document = nodes.container("", nodes.paragraph("", "gate"), classes=[closed])
    link_first_uses(document, WORDS, "glossary.html")
    assert not list(document.findall(nodes.reference))


@pytest.mark.parametrize(
    ("noun", "many"),
    [("gate", "gates"), ("policy", "policies"), ("bus", "buses"), ("branch", "branches")],
)
def test_plurals_are_regular(noun, many):
    assert plural(noun) == many


def test_a_chapter_can_use_a_word_in_another_sense():
    assert WORDS[0].elsewhere == ("judging/judges",)
    assert WORDS[0].chapter == "importance/gates"


@pytest.mark.parametrize("text", ["gate | 门 | mén", "gate | 门 | mén | a/b", "gate\nA gate."])
def test_an_entry_that_is_not_whole_is_refused(text):
    with pytest.raises(ValueError, match="an entry needs"):
        read(text.splitlines())


def test_two_entries_for_one_word_are_a_problem():
    twice = read("gate, door | 门 | mén | a\nOne.\n\ndoor | 门 | mén | a\nTwo.".splitlines())
    assert problems(twice) == ["'door' stands for 'gate' and 'door'"]
    assert problems(WORDS) == []


def test_pinyin_is_sorted_without_tones():
    assert sorted(["zhù", "celüè", "Ān", "lǜ"], key=by_sound) == ["Ān", "celüè", "lǜ", "zhù"]


# The glossary of the book


def test_the_glossary_has_a_word_for_most_things_and_two_for_none():
    assert 60 <= len(GLOSSARY) <= 100
    assert problems(GLOSSARY) == []


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.name)
def test_an_entry_is_short_chinese_and_used_where_it_says(term):
    assert len(term.text) <= 200
    assert term.text.endswith(".")
    assert re.search(r"[\u4e00-\u9fff]", term.chinese)
    assert not re.search(r"[\u4e00-\u9fff]", term.pinyin)
    for page in term.elsewhere:
        assert (BOOK / f"{page}.ipynb").is_file()
    (chapter,) = BOOK.glob(f"{term.chapter}.*")
    bare = term.name.partition(" (")[0]
    forms = "|".join(map(re.escape, spoken(term) | {bare, bare.capitalize()}))
    assert re.search(rf"(?<!\w)(?:{forms})(?!\w)", chapter.read_text("utf8"))


# The small book


@pytest.fixture
def words(small_book):
    return BeautifulSoup((small_book / "words.html").read_text("utf8"), "html.parser")


@pytest.fixture
def links(small_book):
    page = BeautifulSoup((small_book / "players.html").read_text("utf8"), "html.parser")
    return [(link.get_text(), link["href"]) for link in page.select("a.term")]


def test_a_chapter_links_first_uses_in_running_text(links):
    assert links == [
        ("Episodes", "words.html#term-episode"),
        ("slope", "words.html#term-ramp"),
        ("frames", "words.html#term-frame"),
        ("controls", "words.html#term-control-of-a-claim"),
    ]


def test_only_chapters_link_words(small_book):
    for name in ("index", "words"):
        page = BeautifulSoup((small_book / f"{name}.html").read_text("utf8"), "html.parser")
        assert page.select("a.term") == []


def test_entries_stand_in_order_with_their_chinese_and_their_chapter(words):
    heads = words.select("dl.glossary dt")
    assert [head["id"].removeprefix("term-") for head in heads] == [
        "control-of-a-claim",
        "episode",
        "frame",
        "ramp",
    ]
    assert [head.find("span", lang="zh").get_text() for head in heads] == [
        "对照",
        "情节",
        "帧",
        "坡",
    ]
    assert [link["href"] for link in words.select("dl.glossary dd a")] == [
        "index.html",
        "index.html",
        "players.html",
        "players.html",
    ]


def test_the_chinese_words_stand_by_their_sound(words):
    found = words.select("ul.terms-in-chinese li")
    assert [item.find("span", lang="zh").get_text() for item in found] == [
        "对照",
        "坡",
        "情节",
        "帧",
    ]
    for item in found:
        assert words.find(id=item.find("a")["href"].removeprefix("#"))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_links_to_words_are_told_from_text_by_more_than_colour(small_book, visit, mode):
    opened = visit(small_book / "players.html", color_scheme=mode)
    link = opened.page.locator("a.term").first
    style = link.evaluate("a => getComputedStyle(a).textDecorationLine")
    around = link.evaluate("a => getComputedStyle(a.parentElement).color")
    assert style == "underline"
    assert link.evaluate("a => getComputedStyle(a).color") == around
    asked = {"runOnly": ["link-in-text-block"]}
    assert Axe().run(opened.page, options=asked).response["violations"] == []


def test_a_changed_entry_reaches_chapters_that_were_not_touched(tmp_path, builder):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: words\n")
    (tmp_path / "references.bib").write_text("")
    (tmp_path / "index.md").write_text("# A chapter\n\n```{measured}\n```\n\nA gate stands here.\n")
    for text in ("It opens.", "It closes."):
        entry = f"gate | 门 | mén | index\n{text}"
        (tmp_path / "words.md").write_text(f"# Words\n\n```{{terms}}\n{entry}\n```\n")
        ran = builder(tmp_path, tmp_path)
        assert ran.returncode == 0, ran.stderr
        assert f'title="{text}"' in (tmp_path / "_build/html/index.html").read_text("utf8")
    assert "1 changed" in ran.stdout + ran.stderr  # the chapter is written anew, not read anew
