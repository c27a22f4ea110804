import zlib

import numpy as np
import pytest
from matplotlib.figure import Figure

from metaxai_lab.widgets.panels import checksum, encode, pixels


def coloured(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)


def figure(width: float) -> Figure:
    drawn = Figure(figsize=(width, 1))
    drawn.subplots().plot([1, 2])
    return drawn


def test_a_coloured_picture_survives_encoding_byte_for_byte():
    pictures = coloured(3, 5, 7)
    assert [pixels(png).tolist() for png in encode("any", pictures)] == pictures.tolist()


def test_numbers_are_drawn_as_ink():
    (png,) = encode("any", np.array([[[0.0, 1.0]]]))
    assert pixels(png).tolist() == [[[255] * 3, [0] * 3]]


def test_a_picture_is_encoded_alike_each_time():
    assert encode("any", coloured(2, 4, 4)) == encode("any", coloured(2, 4, 4))


def test_a_figure_becomes_a_picture_of_its_own_size():
    (png,) = encode("any", figure(2))
    assert pixels(png).shape == (100, 200, 3)
    assert pixels(png)[0, 0].tolist() == [255, 255, 255]


def test_figures_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match=r"'curve' has \[\(100, 100\), \(200, 100\)\] pixels"):
        encode("curve", [figure(1), figure(2)])


def test_a_panel_without_pictures_is_refused_by_name():
    with pytest.raises(ValueError, match="'empty' has none"):
        encode("empty", coloured(0, 4, 4))


def test_the_checksum_covers_the_pixels_of_all_panels_in_order():
    first, second = coloured(2, 3, 3)
    pngs = encode("any", np.stack([first, second]))
    assert checksum(pngs) == zlib.adler32(first.tobytes() + second.tobytes())
    assert checksum(pngs) != checksum(pngs[::-1])
