"""The comparison says what the pages glued, and names what is missing."""

import nbformat
import pytest
from nbformat import v4

from metaxai_lab.classroom import five_worlds
from metaxai_lab.classroom.five_worlds import World, counted, glued, markdown, read
from metaxai_lab.evaluation.intervals import Interval

AHEAD = {
    "own_10": "≈ 0.12 [0.08, 0.16]",
    "pooled_10": "≈ 0.05 [0.01, 0.09]",
    "unit": "squared error, in parts of the variance",
    "shots": "10",
    "quality": "hits 0.91",
    "quality_chance": "0.25",
}
BEHIND = {**AHEAD, "pooled_10": "≈ -0.02 [-0.05, 0.01]"}


def page(**glues):
    """A notebook that glued some strings, as myst-nb stores them."""
    outputs = [
        v4.new_output(
            "display_data",
            {"application/papermill.record/text/plain": repr(text)},
            metadata={"scrapbook": {"name": name}},
        )
        for name, text in glues.items()
    ]
    return v4.new_notebook(cells=[v4.new_code_cell("pass", outputs=outputs)])


@pytest.fixture
def book(tmp_path):
    """A book with the pages on the city and on medicine, and one of another part."""
    (tmp_path / "_toc.yml").write_text("root: intro\n")
    (tmp_path / "applications").mkdir()
    for name, said in (("city", AHEAD), ("medicine", BEHIND), ("history", AHEAD)):
        made = page(**{f"{name}_{part}": text for part, text in said.items()}, other="no")
        nbformat.write(made, tmp_path / "applications" / f"{name}.ipynb")
    return sorted(tmp_path.glob("applications/*.ipynb"))


def test_worlds_are_read_from_their_pages_in_the_order_of_the_part(book):
    found = read(book, seconds={"applications/city": 21.4})
    assert found == [World("medicine", BEHIND), World("city", AHEAD, 21.4)]


def test_strings_are_read_as_they_were_glued_and_pictures_are_no_strings():
    made = page(told="it's ≈ 2 \\ 3")
    made.cells[0].outputs.append(
        v4.new_output(
            "display_data",
            {"application/papermill.record/text/plain": "<Figure>"},
            metadata={"scrapbook": {"name": "drawn"}},
        )
    )
    assert glued(made) == {"told": "it's ≈ 2 \\ 3"}


def test_a_lead_is_read_with_its_interval():
    assert World("city", BEHIND).lead("pooled") == Interval(-0.02, -0.05, 0.01)
    assert World("city", {"own_10": "not measured"}).lead("own") is None


def test_a_world_leads_both_where_both_intervals_lie_above_nought():
    assert World("city", AHEAD).leads_both()
    assert not World("city", BEHIND).leads_both()
    assert not World("city", {**AHEAD, "own_10": "≈ 0.05 [-0.01, 0.11]"}).leads_both()
    assert not World("city", {"own_10": AHEAD["own_10"]}).leads_both()


def test_who_leads_is_counted_and_who_does_not_is_named():
    told = counted([World("medicine", BEHIND), World("city", AHEAD)])
    assert "in 1 of 2 worlds (city)." in told
    assert "In medicine, the interval over pooled holds nought or lies below it." in told


def test_a_page_that_glued_no_leads_is_not_counted_as_behind():
    assert "The page on driving says no leads." in counted([World("driving", {})])


def test_the_page_shows_what_was_glued_and_names_the_missing():
    text = markdown([World("city", AHEAD, 21.4)])
    assert "≈ 0\\.12 \\[0\\.08, 0\\.16\\]" in text
    assert "{doc}`city </applications/city>` | 21 |" in text
    assert "- city: in squared error, in parts of the variance" in text
    assert "medicine, finance, manufacturing, driving." in text.splitlines()[-1]


def test_a_part_that_a_page_does_not_say_leaves_a_dash():
    text = markdown([World("city", {})])
    assert f"</applications/city>` | {five_worlds.NOTHING} | {five_worlds.NOTHING} |" in text
    assert "- city" not in text


def test_nothing_is_missing_where_all_five_are_there():
    whole = markdown([World(name, AHEAD) for name in five_worlds.WORLDS])
    assert "in 5 of 5 worlds (medicine, finance," in whole
    assert "Not in this build" not in whole


def test_a_book_without_the_part_says_so():
    assert markdown([]) == "No page of the part Applications ran in this build.\n"
