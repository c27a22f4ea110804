"""Files are read in place, loose or zipped, and an archive that would climb out is refused."""

import stat
import zipfile
from io import BytesIO

import pytest

from metaxai_lab.tasks import archives
from metaxai_lab.tasks.archives import DamagedFileError, each_part, read_parts


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_loose_files_are_read_by_pattern_in_order(tmp_path):
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).write_text(name)
    assert read_parts(tmp_path, "*.csv") == {"a.csv": b"a.csv", "b.csv": b"b.csv"}
    assert list(read_parts(tmp_path, "*.csv")) == ["a.csv", "b.csv"]


def test_files_in_a_zip_are_read(tmp_path):
    zipped(tmp_path / "x.zip", **{"deep/in/a.csv": b"1", "other.txt": b"2"})
    assert read_parts(tmp_path, "*.csv") == {"deep/in/a.csv": b"1"}


def test_files_in_a_zip_within_a_zip_are_read(tmp_path):
    inner = BytesIO()
    zipped(inner, **{"a.csv": b"1"})
    zipped(tmp_path / "x.zip", **{"folder/inner.zip": inner.getvalue()})
    assert read_parts(tmp_path, "a.csv") == {"a.csv": b"1"}


def test_an_extracted_file_comes_before_the_archive_it_came_from(tmp_path):
    zipped(tmp_path / "x.zip", **{"a.csv": b"old"})
    (tmp_path / "a.csv").write_bytes(b"new")
    assert read_parts(tmp_path, "a.csv") == {"a.csv": b"new"}


def test_one_by_one_gives_the_same_files(tmp_path):
    zipped(tmp_path / "x.zip", **{"b.csv": b"2", "a.csv": b"1"})
    assert dict(each_part(tmp_path, "*.csv")) == read_parts(tmp_path, "*.csv")


@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/evil.csv", "C:\\evil.csv"])
def test_a_path_that_climbs_out_is_refused(tmp_path, name):
    folder = tmp_path / "set"
    folder.mkdir()
    zipped(folder / "x.zip", **{"fine.csv": b"1", name: b"2"})
    with pytest.raises(DamagedFileError, match=r"leads out of its folder\. It is not opened"):
        read_parts(folder, "fine.csv")
    assert [path.name for path in tmp_path.rglob("*")] == ["set", "x.zip"]


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(DamagedFileError, match=r"'a\.csv', which leads out"):
        read_parts(tmp_path, "*.csv")


def test_an_archive_that_holds_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    zipped(tmp_path / "x.zip", **{"a.csv": b"0" * 10_000})
    monkeypatch.setattr(archives, "MOST_BYTES", 9_999)
    with pytest.raises(DamagedFileError, match="claims to hold"):
        read_parts(tmp_path, "*.csv")


def cut_short(whole):
    return whole[: len(whole) // 2]


def one_bit_flipped(whole):
    place = whole.index(b"a.csv") + 20
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


@pytest.mark.parametrize("damage", [cut_short, one_bit_flipped, lambda whole: b""])
def test_a_damaged_archive_is_named_and_left_alone(tmp_path, damage):
    path = zipped(tmp_path / "x.zip", **{"a.csv": bytes(range(256)) * 20})
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(DamagedFileError, match=f"{path} cannot be read .* Nothing was changed"):
        read_parts(tmp_path, "*.csv")
    assert path.read_bytes() == before
