"""Coloured words: escaped, with their weights in words, readable on every paper."""

import pytest
import torch
from bs4 import BeautifulSoup
from matplotlib.colors import to_rgb

from metaxai_lab.figures.text import coloured_words, describe_words, draw_words, shade

NASTY = ["<script>alert(1)</script>", '"><img', "&amp;"]


def parsed(words, weights, **how):
    return BeautifulSoup(coloured_words(words, torch.tensor(weights), **how).data, "html.parser")


def test_markup_in_a_sentence_is_shown_and_never_run():
    page = parsed(NASTY, [0.2, 0.3, 0.5])
    assert not page.find_all(["script", "img"])
    text = page.p.get_text()
    assert all(word in text for word in NASTY)


def test_markup_in_a_title_is_shown_and_never_run():
    page = parsed(["a"], [1.0], title="<i>x</i>")
    assert not page.find_all("i")
    assert "<i>x</i>" in page.p.get_text()


def test_each_weight_stands_in_words_beside_its_word():
    said = [span.get_text() for span in parsed(["cancel", "trip"], [0.75, 0.25]).find_all("span")]
    assert said == ["cancel ≈ 0.75", "trip ≈ 0.25"]


def test_words_that_decide_are_underlined_and_said_to():
    page = parsed(["pay", "<now>"], [0.75, 0.25], decides=torch.tensor([False, True]))
    assert [word.get_text() for word in page.find_all("u")] == ["<now>"]
    said = [span.get_text() for span in page.find_all("span")]
    assert said == ["pay ≈ 0.75", "<now>, which decides, ≈ 0.25"]


def test_weights_have_as_many_decimals_as_asked_for():
    assert parsed(["a"], [0.625], digits=3).small.get_text() == "≈ 0.625"


def test_each_weight_finds_its_colour_in_the_style():
    style = parsed(["a"], [0.62]).style.get_text()
    assert f'[data-weight^="≈ 0.6"]{{background:{shade(0.65)}}}' in style
    assert f'[data-weight^="≈ 1."]{{background:{shade(1.0)}}}' in style


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_dark_ink_is_read_on_every_shade(weight):
    def light(colour):
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
        ]
        return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    assert (light(shade(weight)) + 0.05) / (light("#1a1a1a") + 0.05) > 7


def test_ink_and_paper_are_said_so_that_no_theme_changes_one_alone():
    style = parsed(["a"], [1.0]).style.get_text()
    assert "background:#fff;color:#1a1a1a" in style
    assert "small{display:block;font-size:.75em;color:#1a1a1a}" in style


def test_a_sentence_without_words_says_so():
    assert "(no words)" in parsed([], []).p.get_text()


def test_a_drawing_has_each_word_and_its_weight():
    ax = draw_words([(["pay", "now"], torch.tensor([0.9, 0.1])), (["$5"], torch.tensor([1.0]))])
    assert [text.get_text() for text in ax.texts] == ["pay", "90 %", "now", "10 %", r"\$5", "100 %"]


def test_drawings_of_one_size_fit_one_player():
    sizes = [
        tuple(draw_words([([word], torch.ones(1))], lines=2).figure.get_size_inches())
        for word in ("a", "reschedule")
    ]
    assert sizes[0] == sizes[1]


def test_words_that_do_not_fit_go_to_the_next_line():
    words = ["reschedule"] * 3
    ax = draw_words([(words, torch.full((3,), 0.3)), (["now"], torch.ones(1))], width=3.0)
    places = [text.get_position() for text in ax.texts if not text.get_text().endswith("%")]
    assert [place[1] for place in places] == [0.35, 0.35, 1.35, 2.35]
    assert max(place[0] for place in places) < 2.8


def test_the_description_begins_with_the_heaviest():
    said = describe_words(["a", "b", "c"], torch.tensor([0.1, 0.7, 0.2]), most=2)
    assert said == "a b c: most weight on b 70 %, c 20 %."


def test_the_description_of_nothing_says_so():
    assert describe_words([], torch.zeros(0)) == "A sentence without words."


@pytest.mark.parametrize("show", [coloured_words, describe_words])
def test_each_word_needs_a_weight(show):
    with pytest.raises(ValueError, match="found 2 words and 1 weights"):
        show(["a", "b"], torch.ones(1))


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_weights_outside_0_to_1_are_refused(weight):
    with pytest.raises(ValueError, match="from 0 to 1"):
        coloured_words(["a"], torch.tensor([weight]))
