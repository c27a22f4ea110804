import pytest

from metaxai_lab.classroom.bounds import Bound, beside, rounded, unrounded


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        (Bound(at_least=0.805), "at least 0.805"),
        (Bound(at_most=1e-6), "at most 0.000001"),
        (Bound(at_least=1, at_most=2), "at least 1 and at most 2"),
        (Bound(equals=0), "exactly 0"),
        (Bound(equals=0.25, within=0.01), "close to 0.25 to within 0.01"),
    ],
)
def test_a_bound_is_written_in_full_and_never_rounded(bound, words):
    assert str(bound) == words


def test_a_claim_that_asks_for_nothing_is_refused():
    with pytest.raises(ValueError, match="give at_least, at_most or equals"):
        Bound()


def test_a_distance_from_nothing_is_refused():
    with pytest.raises(ValueError, match="give `equals` too"):
        Bound(at_least=1, within=0.1)


def test_a_bound_is_kept_on_its_edge():
    assert Bound(at_least=1, at_most=1).keeps(1)


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (0.876, 2, "0.88"),
        (0.0, 2, "0.00"),
        (-0.5, 1, "-0.5"),
        (6.2e-8, 2, "0.00000006"),
        (0.004, 2, "0.004"),
        (1234.5, 0, "1234"),
    ],
)
def test_a_small_number_keeps_its_size_when_rounded(number, digits, text):
    assert rounded(number, digits) == text


def test_a_number_in_full_has_no_exponent():
    assert unrounded(1e-9) == "0.000000001"


def test_nothing_beside_a_number_leaves_no_brackets():
    assert beside([], {}, 2, exact=False) == ""
