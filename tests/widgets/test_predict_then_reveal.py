import numpy as np
import pytest

from metaxai_lab.widgets import PredictThenReveal

DARK, LIGHT = np.ones((1, 2, 2)), np.zeros((1, 2, 2))


def ask(options=("up", "down"), *, answer=0, **pictures) -> PredictThenReveal:
    return PredictThenReveal("Which way?", options, answer=answer, because="It is.", **pictures)


def test_nothing_is_chosen_or_revealed_at_first():
    asked = ask()
    assert asked.chosen == -1
    assert not asked.revealed


def test_the_answer_adds_its_picture_to_what_is_seen():
    asked = ask(pictures={"dark": DARK}, answers={"light": LIGHT})
    assert asked.checksum(revealed=False) == ask(pictures={"dark": DARK}).checksum(revealed=True)
    assert asked.checksum(revealed=True) != asked.checksum(revealed=False)


def test_each_picture_keeps_its_alternative_text():
    asked = ask(pictures={"a dark square": DARK})
    assert [panel["alt"] for panel in asked.pictures] == ["a dark square"]


@pytest.mark.parametrize("answer", [-1, 2])
def test_an_answer_that_is_no_option_is_refused(answer):
    with pytest.raises(ValueError, match=f"found 2 options and answer={answer}"):
        ask(answer=answer)


def test_a_question_with_a_single_option_is_refused():
    with pytest.raises(ValueError, match="found 1 options"):
        ask(["up"])


def test_a_question_prints_the_same_on_every_machine():
    assert repr(ask()) == "PredictThenReveal: Which way? (2 options)"
