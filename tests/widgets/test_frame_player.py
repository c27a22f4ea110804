import numpy as np
import pytest

from metaxai_lab.widgets import FramePlayer, ink_frames
from metaxai_lab.widgets.panels import pixels

RAMP = np.linspace(0, 1, 3 * 4).reshape(3, 2, 2)
CAPTIONS = ["first", "second", "third"]


def test_each_panel_shows_its_own_frame():
    player = FramePlayer({"up": RAMP, "down": RAMP[::-1].copy()}, captions=CAPTIONS)
    shown = [pixels(png).tolist() for png in player.shown(0)]
    assert shown == [ink_frames(RAMP)[0].tolist(), ink_frames(RAMP)[2].tolist()]


def test_a_panel_with_one_picture_shows_it_in_every_frame():
    player = FramePlayer({"same": RAMP[:1], "moves": RAMP}, captions=CAPTIONS)
    assert player.shown(2)[0] == player.shown(0)[0]
    assert player.shown(2)[1] != player.shown(0)[1]


def test_frames_that_differ_have_checksums_that_differ():
    player = FramePlayer({"ramp": RAMP}, captions=CAPTIONS)
    assert len({player.checksum(index) for index in range(3)}) == 3


@pytest.mark.parametrize(("asked", "shown"), [(-1, 0), (1, 1), (99, 2)])
def test_the_index_stays_within_the_frames(asked, shown):
    player = FramePlayer({"ramp": RAMP}, captions=CAPTIONS)
    player.index = asked
    assert player.index == shown


def test_frames_are_counted_from_one_unless_labels_are_given():
    assert FramePlayer({"ramp": RAMP}, captions=CAPTIONS).labels == ["1", "2", "3"]
    assert FramePlayer({"ramp": RAMP}, captions=CAPTIONS, labels=[0, 10, 20]).labels[-1] == "20"


def test_captions_that_do_not_count_the_frames_are_refused_with_the_counts():
    with pytest.raises(ValueError, match=r"2 captions, 2 labels and \{'ramp': 3\} pictures"):
        FramePlayer({"ramp": RAMP}, captions=CAPTIONS[:2])


def test_labels_that_do_not_count_the_frames_are_refused():
    with pytest.raises(ValueError, match="3 captions, 1 labels"):
        FramePlayer({"ramp": RAMP}, captions=CAPTIONS, labels=[1])


def test_a_player_of_nothing_is_refused():
    with pytest.raises(ValueError, match="found 0 and 3"):
        FramePlayer({}, captions=CAPTIONS)


def test_a_player_prints_the_same_on_every_machine():
    player = FramePlayer({"ink": RAMP, "where": RAMP}, captions=CAPTIONS)
    assert repr(player) == "FramePlayer of 3 frames: ink, where"
