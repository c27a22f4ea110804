"""The shelf: what is put there is found again, bitwise, by the run that put it and by no other."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from torch import nn
from torch.optim import AdamW

from metaxai_lab.core import seeded
from metaxai_lab.learners import ForeignCheckpointError
from metaxai_lab.learners.checkpoint import Shelf
from metaxai_lab.learners.run import Run, digest


def make(learner=None):
    if learner is None:
        learner = nn.Linear(3, 2)
        nn.init.ones_(learner.weight)
        nn.init.zeros_(learner.bias)
    optimizer = AdamW(learner.parameters(), lr=0.1)
    return Run(learner, optimizer, seeded(0), torch.device("cpu"), torch.zeros(5))


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "made" / "here", {"steps": 5, "outer_lr": 0.1})


def test_what_is_put_is_found_to_the_last_bit(shelf):
    kept = make().snapshot(0)
    shelf.put(kept)
    found = shelf.newest(make())
    assert found.step == 0
    assert found.start == kept.start
    assert digest(found.tensors) == digest(kept.tensors)


def test_weights_that_lie_channels_last_come_back(shelf):
    weights = torch.arange(24.0).reshape(3, 2, 2, 2)

    def net():
        conv = nn.Conv2d(2, 3, 2, bias=False).to(memory_format=torch.channels_last)
        conv.load_state_dict({"weight": weights})
        return make(conv)

    shelf.put(net().snapshot(0))
    assert torch.equal(shelf.newest(net()).part("learner")["weight"], weights)


def test_an_empty_shelf_has_nothing(shelf):
    assert shelf.newest(make()) is None


def test_a_shelf_without_a_folder_keeps_nothing():
    shelf = Shelf(None, {})
    shelf.put(make().snapshot(0))
    assert shelf.newest(make()) is None


def test_after_step_9_comes_step_10(shelf):
    for step in (9, 10):
        shelf.put(replace(make().snapshot(0), step=step))
    assert shelf.newest(make()).step == 10


def test_the_file_says_in_words_what_it_was_asked_for(shelf):
    shelf.put(make().snapshot(0))
    (file,) = shelf.folder.iterdir()
    with safe_open(file, "pt") as held:
        about = json.loads(held.metadata()["about"])
    assert about["asked"] == {"steps": 5, "outer_lr": 0.1}


def test_only_the_first_differences_are_told(shelf):
    shelf.put(make().snapshot(0))
    deep = make(nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)))
    with pytest.raises(ForeignCheckpointError, match="3 more differ") as refused:
        shelf.newest(deep)
    assert "; 0.weight is None there and (2, 3) here; 3 more" in str(refused.value)


def test_a_setting_that_only_one_side_knows_is_a_difference(shelf):
    shelf.put(make().snapshot(0))
    with pytest.raises(ForeignCheckpointError, match=r"outer_lr is 0\.1 there and None here"):
        Shelf(shelf.folder, {"steps": 5}).newest(make())


def test_a_damaged_file_is_removed(shelf):
    shelf.put(make().snapshot(0))
    (file,) = shelf.folder.iterdir()
    file.write_bytes(b"half")
    with pytest.warns(UserWarning, match=file.name):
        assert shelf.newest(make()) is None
    assert not file.exists()


def test_a_part_that_a_killed_run_left_is_swept_away(shelf):
    shelf.folder.mkdir(parents=True)
    (shelf.folder / "step-00000003.partial").write_bytes(b"half")
    shelf.put(make().snapshot(0))
    assert [file.suffix for file in shelf.folder.iterdir()] == [".safetensors"]


def test_another_file_in_the_folder_is_left_alone(shelf):
    shelf.folder.mkdir(parents=True)
    (shelf.folder / "notes.safetensors").write_text("mine")
    for step in range(4):
        shelf.put(make().snapshot(step))
    assert (shelf.folder / "notes.safetensors").read_text() == "mine"
