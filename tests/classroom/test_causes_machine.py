"""What moves, by following the arrows by hand."""

import pytest

from metaxai_lab.classroom.causes_machine import ARROWS, PLACES, machine_frames, means_of
from metaxai_lab.tasks.causal import causal_model


def test_means_by_hand():
    now = means_of(causal_model(tuple(PLACES), ARROWS).do("load", 2.0))
    assert now["wear"] == pytest.approx(2 * 0.5 + 2 * 0.8)
    assert now["hum"] == 0


def test_captions_say_what_lies_downstream():
    frames, captions, labels = machine_frames((1.0,))
    assert len(frames) == len(captions) == len(labels) == 6
    said = dict(zip(labels, captions, strict=True))
    assert said["load +1"] == "load is set to 1; it moves heat, wear, alarm."
    assert said["age +1"] == "age is set to 1; it moves wear, hum, alarm."
    assert said["hum +1"] == "hum is set to 1; it moves nothing."
    assert said["alarm +1"] == "alarm is set to 1; it moves nothing."
