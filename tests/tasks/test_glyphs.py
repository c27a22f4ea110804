"""Over a thousand letters, each in one split alone, and no two of them alike."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from metaxai_lab.tasks.glyphs import EM, SPLITS, candidate_letters, glyphs, without_twins
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.typefaces import draw_all


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PictureTable]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METAXAI_CACHE", str(tmp_path_factory.mktemp("kept")))
        yield {split: glyphs(split) for split in SPLITS}


def all_letters(tables: dict[str, PictureTable]) -> list[str]:
    return [letter for table in tables.values() for letter in table.names]


def test_there_are_over_a_thousand_classes(tables: dict[str, PictureTable]) -> None:
    assert len(set(all_letters(tables))) > 1000


def test_every_class_has_twelve_pictures_of_28_by_28(tables: dict[str, PictureTable]) -> None:
    for table in tables.values():
        assert table.pixels.shape == (12 * len(table.names), 784)
        assert table.counts.eq(12).all()


@pytest.mark.parametrize(
    ("split", "scripts"),
    [
        ("train", {"LATIN"}),
        ("validation", {"CYRILLIC"}),
        ("test", {"GREEK", "ARMENIAN", "GEORGIAN"}),
    ],
)
def test_a_split_holds_whole_scripts(
    split: str, scripts: set[str], tables: dict[str, PictureTable]
) -> None:
    assert {unicodedata.name(letter).split()[0] for letter in tables[split].names} == scripts


def test_of_latin_a_greek_alpha_and_cyrillic_a_the_latin_alone_is_a_class(
    tables: dict[str, PictureTable],
) -> None:
    alphas = ["\N{LATIN CAPITAL LETTER A}", "\N{GREEK CAPITAL LETTER ALPHA}"]
    alphas.append("\N{CYRILLIC CAPITAL LETTER A}")
    assert set(alphas) <= set(candidate_letters())
    assert [letter for letter in alphas if letter in all_letters(tables)] == alphas[:1]


def test_a_letter_alike_in_its_italics_alone_is_left_out(tables: dict[str, PictureTable]) -> None:
    te = "\N{CYRILLIC SMALL LETTER TE}"
    assert te in candidate_letters()
    assert te not in all_letters(tables)


def test_an_a_with_a_grave_stays_beside_an_a_with_an_acute(
    tables: dict[str, PictureTable],
) -> None:
    assert {"À", "Á"} <= set(tables["train"].names)


def test_no_two_letters_are_drawn_alike_in_any_face(tables: dict[str, PictureTable]) -> None:
    drawn = draw_all(all_letters(tables), size=EM // 2, centred=True)
    for face in drawn.unbind(1):
        assert len(face.flatten(1).unique(dim=0)) == len(face)


def test_no_letter_is_cut_when_it_is_drawn() -> None:
    drawn = draw_all(candidate_letters(), size=EM, side=56)
    edges = [drawn[..., 0, :], drawn[..., -1, :], drawn[..., 0], drawn[..., -1]]
    assert not any(edge.any() for edge in edges)


def test_no_picture_is_blank(tables: dict[str, PictureTable]) -> None:
    for table in tables.values():
        assert table.pixels.amax(1).gt(64).all()


def test_the_jitter_moves_every_picture(tables: dict[str, PictureTable]) -> None:
    table = tables["validation"]
    drawn = draw_all(table.names, size=EM, side=56, centred=True).float()
    still = F.avg_pool2d(drawn.flatten(0, 1), 2).flatten(1)
    assert (table.pixels - still).abs().amax(1).gt(8).all()


def test_the_glyphs_are_always_the_same(
    tables: dict[str, PictureTable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path))
    torch.rand(1)  # moves the global state, on which nothing may depend
    assert glyphs("test").pixels.equal(tables["test"].pixels)


def test_what_is_kept_serves_every_split(
    tables: dict[str, PictureTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metaxai_lab.tasks.typefaces.ImageDraw", None)
    assert glyphs("train").pixels.equal(tables["train"].pixels)


def test_an_unknown_split_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="are train, validation, test; found 'testing'"):
        glyphs("testing")


def squares(*missing: int) -> Tensor:
    """Return pictures of 100 lit pixels, of which so many are missing, in one face."""
    pictures = torch.ones(len(missing), 1, 10, 10)
    for picture, n_missing in zip(pictures, missing, strict=True):
        picture.flatten()[:n_missing] = 0
    return pictures


def test_letters_of_one_script_are_twins_at_a_cosine_of_995_thousandths() -> None:
    assert without_twins(squares(0, 1), ["Latn", "Latn"]).tolist() == [True, False]


def test_letters_of_one_script_are_no_twins_at_a_cosine_of_985_thousandths() -> None:
    assert without_twins(squares(0, 3), ["Latn", "Latn"]).tolist() == [True, True]


def test_letters_of_two_scripts_are_twins_at_a_cosine_of_985_thousandths() -> None:
    assert without_twins(squares(0, 3), ["Latn", "Grek"]).tolist() == [True, False]


def test_letters_of_two_scripts_are_no_twins_at_a_cosine_of_95_hundredths() -> None:
    assert without_twins(squares(0, 10), ["Latn", "Grek"]).tolist() == [True, True]


def test_one_face_in_which_they_are_alike_makes_twins() -> None:
    pictures = torch.cat([squares(0, 50), squares(0, 0)], 1)
    assert without_twins(pictures, ["Latn", "Latn"]).tolist() == [True, False]


def test_a_letter_stays_if_only_a_letter_left_out_was_like_it() -> None:
    keep = without_twins(squares(0, 1, 2), ["Latn"] * 3)
    assert keep.tolist() == [True, False, True]
