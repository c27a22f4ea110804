"""Each set is opened in torchvision's layout, written small, and in the lab's own smaller copy."""

import io
import pickle
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from metaxai_lab.tasks.picture_readers import table_from
from metaxai_lab.tasks.picture_sets import PICTURE_SETS, last_frames
from metaxai_lab.tasks.picture_table import PictureTable

RED, BLUE = (200, 0, 0), (0, 0, 200)
COLOURS = {"train": [RED, BLUE], "test": [BLUE, RED]}  # the labels are [0, 1] and [1, 0]
LABELS = {"train": [0, 1], "test": [1, 0]}


def save(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (40, 30)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def pickled(path: Path, content: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content))


def rows(colours: Sequence[tuple[int, int, int]]) -> np.ndarray:
    return np.array(colours, np.uint8).repeat(1024, 1)


def cifar10(place: Path) -> None:
    folder = place / "cifar-10-batches-py"
    for name in [*[f"data_batch_{number}" for number in range(1, 6)], "test_batch"]:
        part = "test" if name == "test_batch" else "train"
        pickled(folder / name, {"data": rows(COLOURS[part]), "labels": LABELS[part]})
    pickled(folder / "batches.meta", {"label_names": ["red", "blue"]})


def cifar100(place: Path) -> None:
    folder = place / "cifar-100-python"
    for part in ("train", "test"):
        pickled(folder / part, {"data": rows(COLOURS[part]), "fine_labels": LABELS[part]})
    pickled(folder / "meta", {"fine_label_names": ["red", "blue"]})


def fashion_mnist(place: Path) -> None:
    folder = place / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    for part, stem in (("train", "train"), ("test", "t10k")):
        pixels = np.array(LABELS[part], np.uint8).repeat(784) * 200
        head = b"\0\0\x08\x03" + b"".join(n.to_bytes(4) for n in (2, 28, 28))
        (folder / f"{stem}-images-idx3-ubyte").write_bytes(head + pixels.tobytes())
        labels = b"\0\0\x08\x01" + (2).to_bytes(4) + bytes(LABELS[part])
        (folder / f"{stem}-labels-idx1-ubyte").write_bytes(labels)


def svhn(place: Path) -> None:
    for part in ("train", "test"):
        pixels = np.array(COLOURS[part], np.uint8).T[None, None].repeat(32, 0).repeat(32, 1)
        digits = np.array([[label or 10] for label in LABELS[part]])  # a 0 is written as 10
        savemat(place / f"{part}_32x32.mat", {"X": pixels, "y": digits})


def gtsrb(place: Path) -> None:
    for label, colour in enumerate((RED, BLUE)):
        for track in range(2):
            for frame in range(3):
                shade = tuple(min(part, 100 + 50 * frame) for part in colour)
                name = f"gtsrb/GTSRB/Training/{label:05d}/{track:05d}_{frame:05d}.ppm"
                save(place / name, shade)  # type: ignore[arg-type]


def caltech101(place: Path) -> None:
    folder = place / "caltech101" / "101_ObjectCategories"
    (folder / "BACKGROUND_Google").mkdir(parents=True)
    for name, colour in (("apple", RED), ("berry", BLUE)):
        for number in (1, 2):
            save(folder / name / f"image_{number:04d}.jpg", colour)


def dtd(place: Path) -> None:
    for part in ("train", "val", "test"):
        for name, colour in (("dotted", RED), ("woven", BLUE)):
            save(place / "dtd/dtd/images" / name / f"{name}_{part}.jpg", colour)
        names = [f"{name}/{name}_{part}.jpg" for name in ("dotted", "woven")]
        write(place / f"dtd/dtd/labels/{part}1.txt", *names)


def flowers102(place: Path) -> None:
    folder = place / "flowers-102"
    for number in range(1, 7):
        save(folder / "jpg" / f"image_{number:05d}.jpg", RED if number % 2 else BLUE)
    savemat(folder / "imagelabels.mat", {"labels": [[1, 2, 1, 2, 1, 2]]})
    savemat(folder / "setid.mat", {"trnid": [[1, 2]], "valid": [[3, 4]], "tstid": [[5, 6]]})


def fgvc_aircraft(place: Path) -> None:
    folder = place / "fgvc-aircraft-2013b" / "data"
    write(folder / "variants.txt", "707-320", "A300B4")
    for part, numbers in (("trainval", (1, 2)), ("test", (3, 4))):
        for number in numbers:
            save(folder / "images" / f"{number:07d}.jpg", RED if number % 2 else BLUE)
        lines = [f"{n:07d} {'707-320' if n % 2 else 'A300B4'}" for n in numbers]
        write(folder / f"images_variant_{part}.txt", *lines)


WRITERS: dict[str, Callable[[Path], None]] = {
    write.__name__: write
    for write in (
        cifar10,
        cifar100,
        fashion_mnist,
        svhn,
        gtsrb,
        caltech101,
        dtd,
        flowers102,
        fgvc_aircraft,
    )
}
NAMES = {
    "cifar10": ("red", "blue"),
    "cifar100": ("red", "blue"),
    "fashion_mnist": ("T-shirt/top", "Trouser"),
    "svhn": ("0", "1"),
    "gtsrb": ("sign 00", "sign 01"),
    "caltech101": ("apple", "berry"),
    "dtd": ("dotted", "woven"),
    "flowers102": ("pink primrose", "hard-leaved pocket orchid"),
    "fgvc_aircraft": ("707-320", "A300B4"),
}
N_FOUND = {"cifar10": 12, "gtsrb": 12, "dtd": 6, "flowers102": 6}
N_KEPT = {"cifar10": 6, "dtd": 3, "flowers102": 3}  # of each class
every_set = pytest.mark.parametrize("name", WRITERS)


@pytest.fixture(autouse=True)
def _checksums_are_those_of_torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("cifar", "svhn", "flowers102"):
        monkeypatch.setattr(f"torchvision.datasets.{room}.check_integrity", lambda *_: True)


def read(name: str, place: Path) -> PictureTable:
    found = PICTURE_SETS[name]
    opened = found.open(place)
    return table_from(
        opened.pictures,
        found.side,
        channels=found.channels,
        names=opened.names,
        prepare=found.prepare,
    )


def zipped(path: Path, files: dict[str, tuple[int, int, int]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, colour in files.items():
            file = io.BytesIO()
            Image.new("RGB", (8, 8), colour).save(
                file, Path(name).suffix[1:].replace("jpg", "jpeg")
            )
            archive.writestr(name, file.getvalue())


@every_set
def test_all_parts_of_a_set_are_counted(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path)
    assert PICTURE_SETS[name].open(tmp_path).n_found == N_FOUND.get(name, 4)


@every_set
def test_classes_have_their_names_and_pictures(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path)
    table = read(name, tmp_path)
    assert table.names == NAMES[name]
    assert table.counts.tolist() == [N_KEPT.get(name, 2)] * 2


@every_set
def test_pictures_stand_in_the_class_that_their_set_gives_them(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path)
    table = read(name, tmp_path)
    planes = table.pixels.float().view(2, -1, table.channels, table.side**2).mean((1, 3))
    wanted = [RED, BLUE] if table.channels == 3 else [(0,), (200,)]
    assert (planes - planes.new_tensor(wanted)).abs().max() < 3  # a JPEG may be a little off


def test_omniglot_has_the_background_first_and_names_the_alphabet(tmp_path: Path) -> None:
    folder = tmp_path / "omniglot-py"
    paper, ink = (255, 255, 255), (0, 0, 0)
    new = {"images_evaluation/Angelic/character01/0965_01.png": ink}
    old = {"images_background/Zebra/character02/0001_01.png": paper}
    zipped(folder / "images_evaluation.zip", new)
    zipped(folder / "images_background.zip", old)
    table = read("omniglot", tmp_path)
    assert table.names == ("Zebra/character02", "Angelic/character01")
    assert table.pixels.unique(dim=1).tolist() == [[0], [255]]


def test_a_smaller_caltech_is_read_from_its_zip(tmp_path: Path) -> None:
    start = "caltech101/101_ObjectCategories"
    files = {f"{start}/apple/image_0001.jpg": RED, f"{start}/berry/image_0001.jpg": BLUE}
    zipped(tmp_path / "caltech101_84.zip", files)
    assert read("caltech101", tmp_path).names == ("apple", "berry")
    assert PICTURE_SETS["caltech101"].open(tmp_path).n_whole == 3889


def test_of_a_track_the_last_frame_stays() -> None:
    seen = [(0, 0, 1), (0, 0, 9), (0, 1, 4), (1, 0, 3), (1, 0, 2)]  # class, track, frame
    assert last_frames(seen) == [1, 2, 3]


def test_a_smaller_gtsrb_keeps_the_last_frames_too(tmp_path: Path) -> None:
    images = np.arange(4, dtype=np.uint8)[:, None, None, None] * np.ones((32, 32, 3), np.uint8)
    labels = np.array([0, 0, 0, 1], np.int16)
    track, frame = np.array([0, 0, 1, 0], np.int16), np.array([2, 1, 5, 7], np.int16)
    np.savez(tmp_path / "gtsrb_32.npz", images=images, labels=labels, track=track, frame=frame)
    assert read("gtsrb", tmp_path).pixels[:, 0].tolist() == [0, 2, 3]


def test_both_copies_of_quickdraw_hold_the_same(tmp_path: Path) -> None:
    drawn = np.random.default_rng(0).integers(0, 256, (2, 1500, 784), np.uint8)
    for name, pixels in zip(("apple", "cat"), drawn, strict=True):
        (tmp_path / "full").mkdir(exist_ok=True)
        np.save(tmp_path / "full" / f"{name}.npy", pixels)
    images = drawn[:, :1000].reshape(-1, 28, 28)
    labels = np.arange(2, dtype=np.int8).repeat(1000)
    class_names = np.array(["apple", "cat"])
    np.savez(tmp_path / "quickdraw8_28.npz", images=images, labels=labels, class_names=class_names)
    small, full = read("quickdraw", tmp_path), read("quickdraw", tmp_path / "full")
    assert small.pixels.equal(full.pixels)
    assert small.names == full.names == ("apple", "cat")
