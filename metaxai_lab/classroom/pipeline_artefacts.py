"""Artefacts: what a step leaves on disk for the next one, each with a card that says what it is.

A card holds the fingerprint of its file and of the files it was made from, so that a damaged file,
or one of another run, is refused. Nothing is pickled. Source: Mitchell et al. (2019) and Gebru et
al. (2021) for cards of models and of data. Chapter: book/concepts/five_steps.ipynb.
"""

import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import Tensor

Card = dict[str, Any]
FILES = (
    "tasks.safetensors",
    "weights.safetensors",
    "report.json",
    "repaired.safetensors",
    "answers.pyz",
)  # of the steps 1 to 5


class ArtefactError(ValueError):
    """A file that a step needs is missing, damaged, or belongs to another run."""


def put(folder: Path, file: str, content: bytes, *, made_from: Sequence[str], **about: Any) -> Card:
    """Write an artefact and its card; return the card.

    Args:
        made_from: the files of the folder that it was made from.
        about: what the card says besides: how many, which seed, which columns.
    """
    sources = {name: fingerprint((folder / name).read_bytes()) for name in made_from}
    card = {**about, "sha256": fingerprint(content), "made_from": sources}
    _write(folder / file, content)
    _write(_card_of(folder / file), json.dumps(card, indent=1).encode())
    return card


def take(folder: Path, file: str) -> tuple[bytes, Card]:
    """Read an artefact and its card.

    Raises:
        ArtefactError: if it is missing, is not what its card says, or was made from other files
            than those in the folder.
    """
    place = folder / file
    if not (place.is_file() and _card_of(place).is_file()):
        step = f" Step {FILES.index(file) + 1} writes both." if file in FILES else ""
        raise ArtefactError(f"{file} or its card is missing.{step}")
    content, card = place.read_bytes(), json.loads(_card_of(place).read_text("utf8"))
    if fingerprint(content) != card["sha256"]:
        raise ArtefactError(f"{file} is not the file that its card describes. Make it again.")
    for name, known in card["made_from"].items():
        source = folder / name
        if not source.is_file() or fingerprint(source.read_bytes()) != known:
            raise ArtefactError(
                f"{file} was made from another {name} than the one in this folder. Repeat the "
                "steps from there on."
            )
    return content, card


def put_tensors(
    folder: Path, file: str, tensors: dict[str, Tensor], *, made_from: Sequence[str], **about: Any
) -> Card:
    """Write tensors as an artefact."""
    own = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return put(folder, file, save(own), made_from=made_from, **about)


def take_tensors(folder: Path, file: str) -> tuple[dict[str, Tensor], Card]:
    """Read an artefact of tensors and its card.

    Raises:
        ArtefactError: as `take` does.
    """
    content, card = take(folder, file)
    return load(content), card


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a file's content: another content has another one."""
    return sha256(content).hexdigest()


def _card_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.card.json")


def _write(place: Path, content: bytes) -> None:
    """Write the whole file or nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f"{place.name}.partial")
    beside.write_bytes(content)
    os.replace(beside, place)
