"""Blood cells: two copies give the same boxes; what is odd, damaged or missing is named."""

import io
import zipfile
from functools import cache

import pytest
import torch
from PIL import Image

from metaxai_lab.tasks import DamagedFileError, MissingSetError, is_here
from metaxai_lab.tasks.blood_cells import KINDS, N_BOXES, N_PICTURES, blood_cells, cells_of

BOX = ("BloodImage_00001.jpg", "RBC", 8.0, 4.0, 20.0, 14.0)


@cache
def jpeg(size=(320, 240), colour=(200, 100, 50)):
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, "JPEG")
    return kept.getvalue()


def named(n):
    return [f"BloodImage_{number:05}.jpg" for number in range(n)]


def rows_of(n_pictures=N_PICTURES, n_boxes=N_BOXES):
    """Boxes of all kinds, each of a size of its own picture, in even pixels."""
    kinds = ("RBC", "WBC", "Platelets")
    pictures = [number % n_pictures for number in range(n_boxes)]
    return [
        (named(n_pictures)[p], kinds[i % 3], 2.0 * (p % 9), 4.0, 2.0 * (p % 9) + 10, 14.0)
        for i, p in enumerate(pictures)
    ]


def lab_copy(path, rows, n_pictures=N_PICTURES):
    table = ["image,cell,xmin,ymin,xmax,ymax", *(",".join(map(str, row)) for row in rows)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bccd/boxes.csv", "\n".join(table))
        for name in named(n_pictures):
            archive.writestr(f"bccd/images/{name}", jpeg())


def published_copy(path, rows):
    one = (
        "<object><name>{}</name><bndbox><xmin>{:.0f}</xmin><ymin>{:.0f}</ymin><xmax>{:.0f}</xmax>"
        "<ymax>{:.0f}</ymax></bndbox></object>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name in named(N_PICTURES):
            mine = [one.format(row[1], *(2 * v for v in row[2:])) for row in rows if row[0] == name]
            text = "<annotation>\n" + "\n".join(mine) + "</annotation>"
            stem = name.removesuffix(".jpg")
            archive.writestr(f"BCCD_Dataset-master/BCCD/Annotations/{stem}.xml", text)
            archive.writestr(f"BCCD_Dataset-master/BCCD/JPEGImages/{name}", jpeg((32, 24)))


def by_picture(cells):
    return sorted(
        zip(cells.picture.tolist(), cells.kind.tolist(), cells.boxes.tolist(), strict=True)
    )


def test_the_published_archive_gives_the_boxes_of_the_smaller_copy(tmp_path):
    small, large = tmp_path / "small", tmp_path / "large"
    small.mkdir()
    large.mkdir()
    lab_copy(small / "bccd_320x240.zip", rows_of())
    published_copy(large / "bccd_github.zip", rows_of())
    one, other = blood_cells(small), blood_cells(large)
    assert len(one.boxes) == N_BOXES
    assert by_picture(one) == by_picture(other)
    assert one.pixels.shape == other.pixels.shape == (N_PICTURES, 3, 240, 320)


def test_a_box_stands_with_the_picture_and_the_kind_that_it_names():
    files = {"BloodImage_00001.jpg": jpeg(), "BloodImage_00000.jpg": jpeg(colour=(0, 0, 0))}
    cells = cells_of(files, [BOX])
    assert cells.pixels[cells.picture[0], 0].float().mean() > 150
    assert KINDS[int(cells.kind[0])] == "red"
    assert cells.boxes.tolist() == [[8.0, 4.0, 20.0, 14.0]]


def test_an_empty_box_is_left_out_and_counted():
    empty = (*BOX[:2], 5.0, 5.0, 5.0, 5.0)
    cells = cells_of({BOX[0]: jpeg()}, [empty, BOX])
    assert (cells.n_empty, cells.boxes.tolist()) == (1, [[8.0, 4.0, 20.0, 14.0]])


@pytest.mark.parametrize(
    "box",
    [
        (-1.0, 0.0, 2.0, 2.0),
        (0.0, 0.0, 321.0, 2.0),
        (0.0, -1.0, 2.0, 2.0),
        (0.0, 0.0, 2.0, 241.0),
        (5.0, 0.0, 2.0, 2.0),
        (0.0, 5.0, 2.0, 2.0),
        (float("nan"), 0.0, 2.0, 2.0),
        (0.0, 0.0, 2.0, float("nan")),
    ],
)
def test_a_box_that_reaches_beyond_its_picture_is_refused(box):
    with pytest.raises(DamagedFileError, match=r"320 x 240 pixels that is there; found \('Blood"):
        cells_of({BOX[0]: jpeg()}, [BOX, (*BOX[:2], *box)])


def test_a_box_of_a_picture_that_is_not_there_is_refused():
    with pytest.raises(DamagedFileError, match="BloodImage_00009"):
        cells_of({BOX[0]: jpeg()}, [("BloodImage_00009.jpg", *BOX[1:])])


def test_a_box_of_a_kind_that_is_not_known_is_refused():
    with pytest.raises(DamagedFileError, match=r"WBC, Platelets, RBC .*found .*'cell'"):
        cells_of({BOX[0]: jpeg()}, [BOX, (BOX[0], "cell", *BOX[2:])])


def test_pictures_without_boxes_have_no_cells():
    cells = cells_of({BOX[0]: jpeg()}, [])
    assert cells.pixels[cells.picture].shape == (0, 3, 240, 320)
    assert cells.kind.bincount().tolist() == []


@pytest.mark.parametrize("side", [20_000, 641], ids=["a bomb", "a little too wide"])
def test_a_picture_that_is_too_large_is_refused_before_it_is_decoded(side, monkeypatch):
    kept = io.BytesIO()
    Image.new("1", (side, side)).save(kept, "PNG")
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(DamagedFileError, match=r"BloodImage_00001\.jpg .* 640 x 480 pixels \("):
        cells_of({BOX[0]: kept.getvalue()}, [BOX])


def test_a_file_that_is_no_picture_is_named():
    with pytest.raises(DamagedFileError, match=r"BloodImage_00001\.jpg of bccd is no picture"):
        cells_of({BOX[0]: b"no"}, [BOX])


def test_a_missing_set_says_how_to_get_it(tmp_path):
    with pytest.raises(MissingSetError, match="fetch bccd"):
        blood_cells(tmp_path)


def test_an_archive_that_is_none_is_damaged(tmp_path):
    (tmp_path / "bccd_320x240.zip").write_bytes(b"PK no archive")
    with pytest.raises(DamagedFileError, match="cannot be read"):
        blood_cells(tmp_path)


def test_a_copy_with_too_few_pictures_is_refused(tmp_path):
    lab_copy(tmp_path / "bccd_320x240.zip", rows_of(3, 9), 3)
    with pytest.raises(DamagedFileError, match="pictures: found 3, expected 364"):
        blood_cells(tmp_path)


def test_a_kind_that_is_not_known_is_refused(tmp_path):
    rows = [(*row[:1], "cell", *row[2:]) for row in rows_of()]
    lab_copy(tmp_path / "bccd_320x240.zip", rows)
    with pytest.raises(DamagedFileError, match=r"cells: found \['cell'\]"):
        blood_cells(tmp_path)


def test_a_table_with_a_word_for_a_number_is_refused(tmp_path):
    lab_copy(tmp_path / "bccd_320x240.zip", [(*row[:2], "wide", *row[3:]) for row in rows_of()])
    with pytest.raises(DamagedFileError, match=r"the boxes of bccd .* cannot be read .*wide"):
        blood_cells(tmp_path)


def test_a_published_file_without_a_side_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bccd_github.zip", "w") as archive:
        archive.writestr("BloodImage_00000.jpg", jpeg())
        text = "<object><name>RBC</name><bndbox><xmin>1</xmin></bndbox></object>"
        archive.writestr("BloodImage_00000.xml", text)
    with pytest.raises(DamagedFileError, match=r"the boxes of bccd .* cannot be read .*ymin"):
        blood_cells(tmp_path)


@pytest.mark.skipif(not is_here("bccd"), reason="needs the set bccd")
def test_the_set_has_the_cells_that_were_counted():
    cells = blood_cells()
    counts = dict(zip(KINDS, cells.kind.bincount().tolist(), strict=True))
    assert counts == {"white": 372, "platelet": 361, "red": 4153}
    assert cells.n_empty == 2
    assert torch.equal(cells.picture.unique(), torch.arange(364))
