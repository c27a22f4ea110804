"""A map of stations: larger marks for more, and what is refused."""

import jaxtyping
import matplotlib.pyplot as plt
import pytest
import torch

from metaxai_lab.figures.city_map import city_map

PLACE = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_mark_grows_with_its_value():
    ax = city_map(PLACE, torch.tensor([0.0, 1.0, 4.0]), most=4.0)
    assert ax.collections[0].get_sizes().tolist() == [20.0, 65.0, 200.0]


def test_marks_stand_at_their_places():
    ax = city_map(PLACE, torch.ones(3), most=1.0)
    assert ax.collections[0].get_offsets().tolist() == PLACE.tolist()


def test_lines_circles_and_values_are_named():
    ax = city_map(
        PLACE,
        torch.tensor([1.0, 2.0, 3.0]),
        most=3.0,
        lines={"road": [(0.0, 0.0), (1.0, 1.0)]},
        circles={"park": (2.0, 2.0, 1.0)},
    )
    assert {text.get_text() for text in ax.texts} == {"road", "park", "1", "2", "3"}


@pytest.mark.parametrize(
    ("values", "most", "words"),
    [
        ([1.0, 2.0], 1.0, "each of 3 stations needs a value; found 2"),
        ([1.0, -2.0, 0.0], 1.0, "a finite value of 0 or more"),
        ([1.0, 2.0, 0.0], 0.0, "most is above 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(values, most, words, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=words):
        city_map(PLACE, torch.tensor(values), most=most)
