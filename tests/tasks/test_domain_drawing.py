"""The domains by name: what they show, and that none gives away another."""

from unicodedata import decomposition

import pytest

from metaxai_lab.tasks import is_here
from metaxai_lab.tasks.domain_drawing import FOUND, MADE, domain
from metaxai_lab.tasks.domains import MOST_ITEMS, SIDE


@pytest.mark.parametrize("name", MADE)
def test_a_domain_made_by_code_can_be_halved_and_has_one_size(name):
    made = domain(name)
    assert made.name == name
    assert made.pictures.side == SIDE
    assert int(made.pictures.counts.max()) <= MOST_ITEMS
    assert all(len(half.pictures.counts) >= 5 for half in made.halves(seed=0))


def test_letters_and_scenes_share_no_letter_and_show_no_mark():
    names = [set(domain(name).pictures.names) for name in ("letters", "scenes")]
    assert not names[0] & names[1]
    assert not any(decomposition(letter) for letter in names[0] | names[1])


def test_a_digit_is_where_its_ink_is():
    zeros = domain("digits").pictures.pixels[:20].float().view(20, SIDE, SIDE)
    assert float(zeros[:, :4].abs().max()) == 0  # the frame
    assert float(zeros[:, 12:16, 12:16].mean()) < float(zeros[:, 12:16, 6:9].mean())  # a ring


@pytest.mark.parametrize("name", ["accents", "signs", "scenes"])
def test_each_picture_has_a_mask_that_is_a_part_of_it(name):
    share = (domain(name).masks.pixels > 0).float().mean(1)
    assert 0 < float(share.min()) <= float(share.max()) < 0.7


def test_a_mark_is_a_smaller_part_than_a_sign():
    accents, signs = ((domain(n).masks.pixels > 0).float().mean() for n in ("accents", "signs"))
    assert float(accents) < 0.1 < float(signs)


def test_an_unknown_domain_is_refused():
    with pytest.raises(ValueError, match="the domains are letters, digits"):
        domain("clouds")


@pytest.mark.parametrize("name", FOUND)
def test_a_real_set_is_grey_and_small(name):
    if not is_here(name):
        pytest.skip(f"{name} is not on this machine")
    found = domain(name)
    assert (found.pictures.side, found.pictures.channels) == (SIDE, 1)
    assert (found.masks is not None) == (name == "gtsrb")
    assert all(len(half.pictures.counts) >= 5 for half in found.halves(seed=0))
