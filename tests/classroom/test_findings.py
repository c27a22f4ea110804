import pytest

from metaxai_lab.classroom.bounds import Bound
from metaxai_lab.classroom.claims import Record, claim
from metaxai_lab.classroom.findings import Findings, finding, stored

SENTENCE = (
    "hits, 3 of 4 (at = 2), ≈ 0.87, wanted at least 0.8 and at most 1 "
    "(3 runs from ≈ 0.85 to ≈ 0.88; chance, mean of 10 ≈ 0.05; a (blind) eye ≈ -0.10)."
)
HITS = Record("claim", "A8.x", "holds", SENTENCE, "attention/eq")


def test_a_sentence_is_read_back():
    found = finding(HITS)
    assert (found.id, found.what, found.value) == ("A8.x", "hits, 3 of 4 (at = 2),", 0.87)
    assert found.bound == Bound(at_least=0.8, at_most=1.0)
    assert found.ends == (0.85, 0.88)
    assert found.controls == {"chance, mean of 10": 0.05, "a (blind) eye": -0.1}
    assert found.said == (
        "hits, 3 of 4 (at = 2), ≈ 0.87 (chance, mean of 10 ≈ 0.05; a (blind) eye ≈ -0.10)"
    )


@pytest.mark.parametrize(
    ("value", "how"),
    [
        (0.5, {"at_least": 0.25, "control": {"chance": 0.12}}),
        (1000.0, {"at_most": 2000, "spread": [900.0, 1100.0], "digits": 0}),
        (-0.25, {"equals": -0.25, "within": 0.005, "control": {"none": float("inf")}}),
        (1.0, {"equals": 1, "exact": True, "control": {"a; b": 0.0}}),
    ],
)
def test_what_a_claim_prints_is_what_is_read(value, how, capsys):
    claim("A8.x", value, what="the wanted share, ≈ by eye,", **how)
    said = capsys.readouterr().out.strip().removeprefix("A8.x holds: ")
    found = finding(Record("claim", "A8.x", "holds", said))
    bound = {k: float(v) for k, v in how.items() if k in ("at_least", "at_most", "equals")}
    assert found.what == "the wanted share, ≈ by eye,"
    assert found.value == value
    assert found.bound == Bound(**bound, within=how.get("within", 0.0))
    assert found.ends == tuple(f(how.get("spread", [value])) for f in (min, max))
    assert found.controls == how.get("control", {})


def test_runs_over_something_else_are_read_too():
    said = (
        "gain ≈ 0.1, wanted at least 0 (4 families of models from ≈ 0.06 to ≈ 0.12; lot ≈ -0.01)."
    )
    found = finding(Record("claim", "A8.x", "holds", said))
    assert (found.ends, found.controls) == ((0.06, 0.12), {"lot": -0.01})


@pytest.mark.parametrize("sentence", ["it works.", "hits ≈ 0.87, at least 0.8."])
def test_another_sentence_is_refused(sentence):
    with pytest.raises(ValueError, match=r"A8\.x is no claim with a number"):
        finding(Record("claim", "A8.x", "holds", sentence))


def test_a_verdict_is_no_finding():
    with pytest.raises(ValueError, match="no claim"):
        finding(Record("verdict", "A8", "supported", SENTENCE))


@pytest.mark.parametrize(
    ("state", "beside", "stands"),
    [
        ("holds", " (chance ≈ 0.05)", True),
        ("holds", "", False),  # no control
        ("holds", " (3 runs from ≈ 0.85 to ≈ 0.88)", False),
        ("holds", " (chance ≈ 0.05; uniform ≈ 0.9)", False),  # one that keeps the bound
        ("fails", " (chance ≈ 0.05)", False),
    ],
)
def test_a_finding_stands_beside_controls_that_miss(state, beside, stands):
    said = f"hits ≈ 0.87, wanted at least 0.8{beside}."
    assert finding(Record("claim", "A8.x", state, said)).stands == stands


def test_findings_are_asked_by_id():
    found = Findings([HITS, Record("verdict", "A8", "supported", "so it is.", "attention/eq")])
    assert (list(found), len(found)) == (["A8.x"], 1)
    assert found.value("A8.x") == 0.87
    assert found.value("A8.x", "a (blind) eye") == -0.1
    assert 'href="../attention/eq.html#claim-A8.x"' in found.link("A8.x", "appendix/questions")
    assert 'href="../attention/eq.html#verdict-A8"' in found.link("A8", "appendix/questions")
    with pytest.raises(KeyError, match=r"no stored chapter makes the claim 'A8\.y'"):
        found["A8.y"]
    with pytest.raises(KeyError, match="has no control 'lot'; it has chance"):
        found.value("A8.x", "lot")


def test_every_claim_of_this_book_can_be_read_back():
    found = stored()
    assert len(found) > 400
    beyond = [f.id for f in found.values() if abs(f.value) < 1e6 and not f.bound.keeps(f.value)]
    assert set(beyond) <= {"A15.medicine_by_hand", "B13.by_hand"}  # printed with fewer digits


def test_a_page_can_be_left_out():
    left = stored(without="attention/from_equations")
    assert "A8.lift_mark" not in left
    assert "A14.ring" in left
