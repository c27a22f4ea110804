"""How each real set of pictures is opened: torchvision's folders, or the lab's smaller copies.

Where torchvision divides the pictures into training and test pictures, both are taken together:
few-shot splits divide the classes. Chapter: book/concepts/three_families.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import numpy as np
from torch.utils.data import ConcatDataset, Subset

from metaxai_lab.tasks.archives import read_parts
from metaxai_lab.tasks.picture_readers import (
    DecodedPictures,
    EncodedPictures,
    LabelledPictures,
    Prepare,
    centre_square,
    ink_on_black,
    without_banner,
)

MANY, SOME, FEW = (0.64, 0.16, 0.2), (0.7, 0.15, 0.15), (0.5, 0.2, 0.3)
DRAWINGS = 1000  # of each category, as they stand in the published files


@dataclass(frozen=True)
class Opened:
    """A set whose pictures are not decoded yet.

    Args:
        names: a name for each class number.
        n_found: how many pictures the copy has, before any choice among them.
        n_whole: how many a whole copy has.
    """

    pictures: LabelledPictures
    names: tuple[str, ...]
    n_found: int
    n_whole: int


@dataclass(frozen=True)
class PictureSet:
    """What the lab does with a set.

    Args:
        open: opens the set in the folder that `find_set` gives.
        side: height and width of its pictures, where nothing else is asked for.
        n_classes: of a whole copy; the smaller one's too, where there is one.
        shares: of the classes: train, validation, test; None where there is a standard.
    """

    open: Callable[[Path], Opened]
    side: int
    n_classes: tuple[int, ...]
    shares: tuple[float, float, float] | None = SOME
    channels: int = 3
    prepare: Prepare | None = None


def _datasets() -> Any:
    from torchvision import datasets  # late: it takes two seconds, and most pages open no set

    return datasets


def _torchvision(
    kind: str, *asked: Mapping[str, Any], n_whole: int, names: str | int = "classes"
) -> Callable[[Path], Opened]:
    """Open all parts of a set of torchvision; names: its attribute, or how many numbers."""

    def open_set(place: Path) -> Opened:
        parts = [getattr(_datasets(), kind)(place, **keywords) for keywords in asked]
        given = range(names) if isinstance(names, int) else getattr(parts[0], names)
        pictures = ConcatDataset(parts)
        return Opened(pictures, tuple(map(str, given)), len(pictures), n_whole)

    return open_set


def _omniglot(place: Path) -> Opened:
    """The characters of the background alphabets come first; a name is alphabet/character."""
    files = read_parts(place / "omniglot-py", "*.png")
    return _encoded(files, n_whole=32_460)


def _caltech101(place: Path) -> Opened:
    if (place / "caltech101" / "101_ObjectCategories").is_dir():
        return _torchvision("Caltech101", {}, n_whole=8677, names="categories")(place)
    return _encoded(read_parts(place, "image_*.jpg"), n_whole=3889, n_parts=1)


def _encoded(files: Mapping[str, bytes], *, n_whole: int, n_parts: int = 2) -> Opened:
    """Pictures by path; the last `n_parts` folders of the path are the class."""
    folders = [PurePosixPath(path).parent for path in files]
    numbers = {folder: number for number, folder in enumerate(dict.fromkeys(folders))}
    labels = [numbers[folder] for folder in folders]
    names = tuple("/".join(folder.parts[-n_parts:]) for folder in numbers)
    return Opened(EncodedPictures(list(files.values()), labels), names, len(files), n_whole)


def _gtsrb(place: Path) -> Opened:
    """One frame of each track, the last, where the sign is nearest; the others are near-copies."""
    small = place / "gtsrb_32.npz"
    pictures: Any
    if small.is_file():
        kept = _arrays(small)
        labels = kept["labels"].tolist()
        pictures, n_whole = DecodedPictures(kept["images"], labels), 3870
        seen = list(zip(labels, kept["track"].tolist(), kept["frame"].tolist(), strict=True))
    else:
        pictures, n_whole = _datasets().GTSRB(place, split="train"), 26_640
        stems = [(label, Path(path).stem.split("_")) for path, label in pictures._samples]
        seen = [(label, int(track), int(frame)) for label, (track, frame) in stems]
    names = tuple(f"sign {number:02d}" for number in range(43))
    return Opened(Subset(pictures, last_frames(seen)), names, len(seen), n_whole)


def last_frames(seen: list[tuple[int, int, int]]) -> list[int]:
    """Return which pictures are the last of their track; each is (class, track, frame)."""
    order = sorted(range(len(seen)), key=lambda row: seen[row])
    return sorted({seen[row][:2]: row for row in order}.values())


def _quickdraw(place: Path) -> Opened:
    small = next(iter(sorted(place.glob("quickdraw*.npz"))), None)
    if small is not None:
        kept = _arrays(small)
        names, pixels = tuple(kept["class_names"].tolist()), kept["images"]
        labels = kept["labels"].tolist()
    else:
        files = sorted(place.glob("*.npy"))
        names, labels = tuple(file.stem for file in files), np.arange(len(files)).repeat(DRAWINGS)
        drawn = [np.load(file, mmap_mode="r", allow_pickle=False)[:DRAWINGS] for file in files]
        pixels, labels = np.concatenate(drawn).reshape(-1, 28, 28), labels.tolist()
    return Opened(DecodedPictures(pixels, labels), names, len(pixels), 8 * DRAWINGS)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return dict(kept)


_BOTH = ({"train": True}, {"train": False})
_THREE = ({"split": "train"}, {"split": "val"}, {"split": "test"})
_SIGHTED = {"shares": SOME, "prepare": centre_square}

PICTURE_SETS: Mapping[str, PictureSet] = MappingProxyType(
    {
        "omniglot": PictureSet(_omniglot, 28, (1623,), None, 1, ink_on_black),
        "cifar10": PictureSet(_torchvision("CIFAR10", *_BOTH, n_whole=60_000), 32, (10,), FEW),
        "cifar100": PictureSet(_torchvision("CIFAR100", *_BOTH, n_whole=60_000), 32, (100,), MANY),
        "fashion_mnist": PictureSet(
            _torchvision("FashionMNIST", *_BOTH, n_whole=70_000), 28, (10,), FEW, 1
        ),
        "gtsrb": PictureSet(_gtsrb, 32, (43,)),
        "caltech101": PictureSet(_caltech101, 84, (99, 101), MANY, prepare=centre_square),
        "dtd": PictureSet(_torchvision("DTD", *_THREE, n_whole=5640), 84, (47,), **_SIGHTED),
        "flowers102": PictureSet(
            _torchvision("Flowers102", *_THREE, n_whole=8189), 84, (102,), **_SIGHTED
        ),
        "fgvc_aircraft": PictureSet(
            _torchvision("FGVCAircraft", {"split": "trainval"}, {"split": "test"}, n_whole=10_000),
            84,
            (100,),
            prepare=without_banner,
        ),
        "svhn": PictureSet(
            _torchvision("SVHN", {"split": "train"}, {"split": "test"}, n_whole=99_289, names=10),
            32,
            (10,),
            FEW,
        ),
        "quickdraw": PictureSet(_quickdraw, 28, (8,), FEW, 1),
    }
)
