"""Every widget on every built page does from the keyboard what Python computed."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup

from metaxai_lab.widgets import FramePlayer, attention_frames, ink_frames
from metaxai_lab.widgets.box_drawing import clipped
from metaxai_lab.widgets.panels import checksum, pixels

ROOT = Path(__file__).parents[2]
STATE = "application/vnd.jupyter.widget-state+json"


def chapters() -> list[str]:
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
    pages = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *(page for page in pages if (ROOT / "book" / f"{page}.ipynb").exists())]


@pytest.fixture(params=["small book", *chapters()])
def page(request, small_book, visit):
    """Return each page that may have widgets, open, with the states that Python wrote into it."""
    if request.param == "small book":
        html = small_book / "players.html"
    else:
        html = request.getfixturevalue("book") / f"{request.param}.html"
    return visit(html), states(html)


def states(html: Path) -> dict[str, dict]:
    """Return the state of each widget by model, with its pictures decoded."""
    found = {}
    for script in BeautifulSoup(html.read_text("utf8"), "html.parser").find_all(
        "script", type=STATE
    ):
        for model, entry in json.loads(script.string)["state"].items():
            for buffer in entry.get("buffers", ()):
                *way, last = buffer["path"]
                owner = entry["state"]
                for key in way:
                    owner = owner[key]
                owner[last] = base64.b64decode(buffer["data"])
            found[model] = entry["state"]
    return found


def widgets(opened, name: str) -> list[str]:
    """Return the selector of each widget of a kind."""
    models = opened.page.locator(f"[data-model]:has([data-widget={name}])").evaluate_all(
        "places => places.map(place => place.dataset.model)"
    )
    return [f'[data-model="{model}"]' for model in models]


def state_of(selector: str, all_states: dict[str, dict]) -> dict:
    return all_states[selector.split('"')[1]]


def frame(state: dict, index: int) -> list[bytes]:
    return [panel["frames"][min(index, len(panel["frames"]) - 1)] for panel in state["panels"]]


def test_each_chapter_has_a_player_and_a_prediction(page):
    opened, _ = page
    assert widgets(opened, "frame-player")
    assert widgets(opened, "predict-then-reveal") or opened.html.stem == "intro"


def test_arrow_keys_show_each_frame_that_python_computed(page):
    opened, all_states = page
    for selector in widgets(opened, "frame-player"):
        state = state_of(selector, all_states)
        root = opened.page.locator(f"{selector} [data-widget]")
        slider = opened.page.locator(f"{selector} input[type=range]")
        slider.press("Home")
        for index, caption in enumerate(state["captions"]):
            expected = frame(state, index)
            assert root.get_attribute("data-frame") == str(index)
            assert root.locator("figcaption").inner_text() == caption
            assert slider.get_attribute("aria-valuetext") == state["labels"][index]
            assert opened.pixels(selector) == [pixels(png).tobytes() for png in expected]
            assert root.get_attribute("data-checksum") == str(checksum(expected))
            slider.press("ArrowRight")
        assert root.get_attribute("data-frame") == str(len(state["captions"]) - 1)
    assert not opened.errors


def test_a_prediction_is_asked_for_before_the_answer_is_shown(page):
    opened, all_states = page
    for selector in widgets(opened, "predict-then-reveal"):
        state = state_of(selector, all_states)
        before = [pixels(panel["frames"][0]).tobytes() for panel in state["pictures"]]
        opened.page.locator(f"{selector} button").press("Enter")
        assert opened.page.locator(f"{selector} .verdict").inner_text() == "Choose an answer first."
        assert opened.pixels(selector) == before


def test_a_prediction_made_from_the_keyboard_is_judged_and_the_answer_shown(page):
    opened, all_states = page
    for selector in widgets(opened, "predict-then-reveal"):
        state = state_of(selector, all_states)
        shown = [panel["frames"][0] for panel in (*state["pictures"], *state["answers"])]
        root = opened.page.locator(f"{selector} [data-widget]")
        button, verdict = root.locator("button"), root.locator(".verdict")
        for choice, option in enumerate(state["options"]):
            root.locator("input").first.focus()
            opened.page.keyboard.press("Space")
            for _ in range(choice):
                opened.page.keyboard.press("ArrowDown")
            assert root.get_attribute("data-chosen") == str(choice)
            button.press("Enter")
            said = verdict.inner_text()
            assert said.startswith("That is right.") == (choice == state["answer"])
            assert (f"You predicted “{option}”." in said) == (choice != state["answer"])
            assert f"The answer: “{state['options'][state['answer']]}”." in said
            assert state["because"] in said
            assert opened.pixels(selector) == [pixels(png).tobytes() for png in shown]
            assert root.get_attribute("data-checksum") == str(checksum(shown))
            button.press("Enter")
            assert root.get_attribute("data-revealed") == "false"
            assert root.get_attribute("data-chosen") == "-1"
    assert not opened.errors


def test_the_question_stays_where_it_is_when_the_answer_is_shown(small_book, visit):
    opened = visit(small_book / "players.html")
    opened.page.set_viewport_size({"width": 320, "height": 800})
    root = opened.page.locator("[data-widget=predict-then-reveal]").first
    root.locator("input").first.check()
    place = "box => box.offsetTop - box.closest('[data-widget]').offsetTop"
    before = root.locator("fieldset").evaluate(place)
    root.locator("button").press("Enter")
    assert root.get_attribute("data-revealed") == "true"
    assert root.locator("fieldset").evaluate(place) == before


def test_a_page_shows_the_frames_of_the_array_that_its_cell_was_given(small_book, visit):
    ramp = np.linspace(0, 1, 6 * 8 * 8).reshape(6, 8, 8)
    where = attention_frames(ramp[:1], ramp[:, ::2, ::2])
    opened = visit(small_book / "players.html")
    selector = widgets(opened, "frame-player")[0]
    opened.page.locator(f"{selector} input").press("End")
    ours = FramePlayer({"ink": ramp, "where": where}, captions=["one more frame"] * 6)
    assert opened.pixels(selector) == [ink_frames(ramp)[5].tobytes(), where[5].tobytes()]
    stated = opened.page.locator(f"{selector} [data-widget]").get_attribute("data-checksum")
    assert stated == str(ours.checksum(5))


def test_play_runs_to_the_last_frame_and_stops(small_book, visit):
    opened = visit(small_book / "players.html")
    opened.page.clock.install()
    root = opened.page.locator("[data-widget=frame-player]").first
    button, caption = root.locator("button"), root.locator("figcaption")
    button.press("Enter")
    assert button.inner_text() == "Pause"
    assert caption.get_attribute("aria-live") == "off"
    opened.page.clock.run_for(6 * 900)
    assert root.get_attribute("data-frame") == "5"
    assert button.inner_text() == "Play"
    assert caption.get_attribute("aria-live") == "polite"


def test_pause_holds_the_frame(small_book, visit):
    opened = visit(small_book / "players.html")
    opened.page.clock.install()
    root = opened.page.locator("[data-widget=frame-player]").first
    root.locator("button").press("Enter")
    root.locator("button").press("Enter")
    opened.page.clock.run_for(6 * 900)
    assert root.get_attribute("data-frame") == "1"


def test_with_reduced_motion_the_button_goes_one_frame_at_a_time(small_book, visit):
    opened = visit(small_book / "players.html", reduced_motion="reduce")
    opened.page.clock.install()
    root = opened.page.locator("[data-widget=frame-player]").first
    assert root.locator("button").inner_text() == "Next frame"
    root.locator("button").press("Enter")
    opened.page.clock.run_for(6 * 900)
    assert root.get_attribute("data-frame") == "1"


def test_text_that_looks_like_markup_stays_text(small_book, visit):
    opened = visit(small_book / "players.html")
    captions = opened.page.locator("figcaption").all_inner_texts()
    assert "<b>one</b></SCRIPT>" in captions
    assert opened.page.locator("figcaption b, legend i").count() == 0


def test_a_control_that_needs_a_kernel_says_so(small_book, visit):
    opened = visit(small_book / "players.html")
    assert opened.page.locator(".needs-kernel").all_inner_texts() == [
        "This control needs a running kernel: open the notebook in JupyterLab to use it."
    ]


# Boxes


@pytest.fixture
def drawing(small_book, visit):
    opened = visit(small_book / "players.html")
    return opened, opened.page.locator("[data-widget=box-drawing]")


def boxes_of(root):
    return json.loads(root.get_attribute("data-boxes"))


def type_box(root, *box):
    for field, value in zip(root.locator("input[type=number]").all(), box, strict=True):
        field.fill(str(value))
    root.get_by_text("Add box").press("Enter")
    return root.locator(".verdict").inner_text()


def test_a_box_is_drawn_from_the_keyboard(drawing):
    opened, root = drawing
    before = opened.pixels("[data-widget=box-drawing]")
    assert type_box(root, 1, 2, 3, 4, 5).startswith("Added: picture 1, left 2, top 3")
    assert boxes_of(root) == [[0, 1, 1, 3, 3], [1, 2, 3, 4, 5]]
    after = opened.pixels("[data-widget=box-drawing]")
    assert after[0] == before[0]
    assert after[1] != before[1]
    assert root.locator("canvas").nth(1).get_attribute("aria-label") == "picture 1, 1 box"
    assert not opened.errors


def test_a_box_is_dragged_by_the_pointer_from_any_corner(drawing):
    opened, root = drawing
    canvas = root.locator("canvas").nth(1)
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    cell = place["width"] / 8
    opened.page.mouse.move(place["x"] + 5.5 * cell, place["y"] + 4.5 * cell)
    opened.page.mouse.down()
    opened.page.mouse.move(place["x"] + 2.5 * cell, place["y"] + 3.5 * cell)
    opened.page.mouse.up()
    assert boxes_of(root)[-1] == [1, 2, 3, 4, 2]


def test_a_box_over_the_edge_is_cut_on_the_page_as_in_python(drawing):
    _, root = drawing
    assert type_box(root, 0, -2, 6, 4, 9).startswith("Cut to the picture and added")
    assert boxes_of(root)[-1] == clipped([0, -2, 6, 4, 9], 2, 8) == [0, 0, 6, 2, 2]


def test_a_box_outside_its_picture_is_refused_in_a_sentence(drawing):
    _, root = drawing
    assert type_box(root, 0, 8, 0, 2, 2) == (
        "The box [0, 8, 0, 2, 2] lies outside its picture of 8 x 8 pixels. "
        "Left and top go from 0 to 7; width and height are at least 1."
    )
    assert boxes_of(root) == [[0, 1, 1, 3, 3]]


def test_a_box_on_no_picture_is_refused_in_a_sentence(drawing):
    _, root = drawing
    assert type_box(root, 2, 0, 0, 2, 2) == "The pictures are 0 to 1; the box names 2."
    assert boxes_of(root) == [[0, 1, 1, 3, 3]]


def test_a_box_with_an_empty_field_is_refused_in_a_sentence(drawing):
    _, root = drawing
    assert type_box(root, 0, "", 0, 2, 2).endswith("five numbers.")
    assert boxes_of(root) == [[0, 1, 1, 3, 3]]


def test_a_click_draws_no_box(drawing):
    _, root = drawing
    root.locator("canvas").nth(1).click()
    assert boxes_of(root) == [[0, 1, 1, 3, 3]]
    assert "a click draws no box" in root.locator(".verdict").inner_text()


def test_boxes_are_taken_back_one_by_one_and_all_at_once(drawing):
    opened, root = drawing
    clean = opened.pixels("[data-widget=box-drawing]")
    type_box(root, 1, 2, 3, 4, 5)
    root.get_by_text("Undo").press("Enter")
    assert opened.pixels("[data-widget=box-drawing]") == clean
    root.get_by_text("Clear").press("Enter")
    assert boxes_of(root) == []


def test_the_drawing_says_where_its_boxes_are_used(drawing):
    _, root = drawing
    assert "The boxes are used in JupyterLab" in root.locator(".note").inner_text()
