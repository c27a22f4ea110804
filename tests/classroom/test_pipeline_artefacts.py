"""Artefacts come back as they were put, and what does not fit its card is refused."""

import json

import pytest
import torch

from metaxai_lab.classroom.pipeline_artefacts import (
    ArtefactError,
    fingerprint,
    put,
    put_tensors,
    take,
    take_tensors,
)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a chain of two artefacts."""
    put(tmp_path, "tasks.safetensors", b"tasks", made_from=())
    put(tmp_path, "weights.safetensors", b"weights", made_from=["tasks.safetensors"], seed=3)
    return tmp_path


def test_a_fingerprint_is_the_published_one_of_abc():
    assert fingerprint(b"abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_what_is_taken_is_what_was_put_with_what_its_card_says(folder):
    content, card = take(folder, "weights.safetensors")
    assert content == b"weights"
    assert card["seed"] == 3
    assert card["made_from"] == {"tasks.safetensors": fingerprint(b"tasks")}


def test_nothing_but_artefacts_and_cards_is_left_in_the_folder(folder):
    names = ["tasks.safetensors", "weights.safetensors"]
    cards = [f"{name}.card.json" for name in names]
    assert sorted(p.name for p in folder.iterdir()) == sorted(names + cards)


def test_tensors_come_back_whatever_their_layout(tmp_path):
    x = torch.arange(6.0).view(2, 3)
    put_tensors(tmp_path, "x.safetensors", {"x": x.T.requires_grad_()}, made_from=(), step=1)
    found, card = take_tensors(tmp_path, "x.safetensors")
    assert torch.equal(found["x"], x.T)
    assert card["step"] == 1


def test_a_file_that_is_not_what_its_card_says_is_refused(folder):
    (folder / "tasks.safetensors").write_bytes(b"tasKs")
    with pytest.raises(ArtefactError, match=r"tasks\.safetensors is not the file that its card"):
        take(folder, "tasks.safetensors")


@pytest.mark.parametrize("change", ["another", "gone"])
def test_a_file_made_from_others_than_those_in_the_folder_is_refused(folder, change):
    source = folder / "tasks.safetensors"
    source.write_bytes(b"others") if change == "another" else source.unlink()
    with pytest.raises(ArtefactError, match=r"weights\S+ was made from another tasks"):
        take(folder, "weights.safetensors")


@pytest.mark.parametrize("part", ["weights.safetensors", "weights.safetensors.card.json"])
def test_a_missing_file_or_card_is_named_with_the_step_that_writes_it(folder, part):
    (folder / part).unlink()
    with pytest.raises(ArtefactError, match=r"weights\S+ or its card is missing\. Step 2 writes"):
        take(folder, "weights.safetensors")


def test_a_missing_file_that_no_step_writes_is_named_all_the_same(tmp_path):
    with pytest.raises(ArtefactError, match=r"notes\.txt or its card is missing\.$"):
        take(tmp_path, "notes.txt")


def test_a_card_is_json_that_a_person_can_read(folder):
    text = (folder / "weights.safetensors.card.json").read_text("utf8")
    assert json.loads(text)["sha256"] == fingerprint(b"weights")
    assert "\n" in text
