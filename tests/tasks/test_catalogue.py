"""Every card says what a reader needs to get the set, and an unknown name gets the nearest ones."""

import re

import pytest
import torchvision

from metaxai_lab.tasks.catalogue import UnknownSetError, card, cards

every_card = pytest.mark.parametrize("one", cards().values(), ids=lambda one: one.name)


@every_card
def test_a_card_names_title_licence_size_source_and_what_else_would_do(one):
    words = (one.title, one.licence, one.citation, one.page, one.instead)
    assert all(words)
    assert one.megabytes > 0
    assert one.page.startswith(("https://", "http://"))


@every_card
def test_a_set_comes_by_torchvision_or_from_addresses_and_then_its_content_is_known(one):
    assert bool(one.torchvision) != bool(one.downloads)
    if one.torchvision:
        assert one.asked
        assert issubclass(
            getattr(torchvision.datasets, one.torchvision), torchvision.datasets.VisionDataset
        )
    else:
        assert one.holds
        assert all(address.startswith("https://") for address in one.downloads.values())


@every_card
def test_what_is_downloaded_is_found_again(one, tmp_path):
    for file in one.downloads:
        (tmp_path / file).touch()
    assert bool(one.downloads) == one.lies_in(tmp_path)


@every_card
def test_a_known_copy_is_found_by_the_names_of_its_files(one, tmp_path):
    for file in one.files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    assert bool(one.files) == one.lies_in(tmp_path)


@every_card
def test_checksums_are_sha256(one):
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in one.files.values())


def test_half_a_layout_is_not_the_set(tmp_path):
    (tmp_path / "data_full.json").touch()
    assert not card("clinc150").lies_in(tmp_path)


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownSetError, match=r"found 'omniglott'\. Did you mean 'omniglot'\?"):
        card("omniglott")


def test_a_name_far_from_all_gets_the_list():
    with pytest.raises(UnknownSetError, match=r"the sets are ai4i2020, .*; found 'qqqq'\.$"):
        card("qqqq")
