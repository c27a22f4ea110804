import json

import nbclient
import nbformat
import pytest
import torch

from metaxai_lab.classroom.claims import ClaimFailed, Record, claim, record_in, verdict


@pytest.fixture
def run():
    """Run lines of code in a notebook and give the outputs of each."""

    def run(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells)
        nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
        nbformat.validate(notebook)
        return [cell.outputs for cell in notebook.cells]

    return run


def test_a_claim_says_number_and_bound_in_one_sentence(capsys):
    claim("A8.pointing", 0.871, at_least=0.8, what="share of peaks in the mark")
    assert capsys.readouterr().out == (
        "A8.pointing holds: share of peaks in the mark ≈ 0.87, wanted at least 0.8.\n"
    )


def test_a_claim_says_its_runs_and_its_controls(capsys):
    runs, control = torch.tensor([0.85, 0.88]), {"chance": 0.05}
    claim("A8.x", 0.87, at_least=0.8, what="hits", spread=runs, control=control)
    assert "(2 runs from ≈ 0.85 to ≈ 0.88; chance ≈ 0.05)" in capsys.readouterr().out


def test_a_claim_says_what_its_spread_is_over(capsys):
    claim("A8.x", 0.1, at_least=0, what="gain", spread=[0.06, 0.12], over="families")
    assert "(2 families from ≈ 0.06 to ≈ 0.12)" in capsys.readouterr().out


@pytest.mark.parametrize(("over", "spread"), [("3 seeds", [1.0]), ("", [1.0]), ("families", [])])
def test_a_word_for_a_spread_needs_a_spread_and_is_a_plain_plural(over, spread):
    with pytest.raises(ValueError, match="`over` names what the values of `spread` belong to"):
        claim("A8.x", 1.0, at_least=0, what="gain", spread=spread, over=over)


def test_an_exact_number_stands_without_the_sign_for_about(capsys):
    claim("A12.x", torch.tensor(1.0), equals=1, what="every weight", digits=0, exact=True)
    assert capsys.readouterr().out == "A12.x holds: every weight = 1, wanted exactly 1.\n"


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (0.79, {"at_least": 0.8}),
        (0.81, {"at_most": 0.8}),
        (0.81, {"at_least": 0.0, "at_most": 0.8}),
        (0.26, {"equals": 0.25, "within": 0.005}),
        (1.0 + 1e-6, {"equals": 1.0}),
        (float("nan"), {"at_most": 0.8}),
        (float("inf"), {"at_least": 0.8}),
    ],
)
def test_a_number_outside_its_bound_fails(value, bound):
    with pytest.raises(ClaimFailed, match=r"A8\.x fails: hits ≈ "):
        claim("A8.x", value, what="hits", **bound)


def test_a_claim_that_fails_still_says_its_sentence(capsys):
    with pytest.raises(ClaimFailed):
        claim("A8.x", 0.5, at_least=0.8, what="hits")
    assert "A8.x fails: hits ≈ 0.5000, wanted at least 0.8." in capsys.readouterr().out


def test_a_near_miss_is_not_rounded_up_to_its_bound():
    with pytest.raises(ClaimFailed, match=r"≈ 0\.7999, wanted at least 0\.8"):
        claim("A8.x", 0.7999, at_least=0.8, what="hits")


def test_a_control_that_keeps_the_bound_fails_the_claim():
    with pytest.raises(ClaimFailed, match="control 'uniform' keeps the bound too"):
        claim("A8.x", 0.9, at_least=0.8, what="hits", control={"chance": 0.1, "uniform": 0.85})


@pytest.mark.parametrize("id", ["A19.x", "B15.x", "A0.x"])
def test_a_claim_on_no_statement_is_refused(id):
    with pytest.raises(ValueError, match="belongs to no statement"):
        claim(id, 1.0, at_least=0, what="x")


@pytest.mark.parametrize("id", ["A8", "A8.", "A8.Two Words", "C1.x"])
def test_a_malformed_id_is_refused(id):
    with pytest.raises(ValueError, match=r"as 'A8\.pointing'"):
        claim(id, 1.0, at_least=0, what="x")


def test_a_verdict_with_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="supported, conditional, refuted; found 'true'"):
        verdict("A8", "true", "because")


def test_a_verdict_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="needs its reason"):
        verdict("A8", "supported", " ")


def test_a_verdict_on_half_a_statement_is_refused():
    with pytest.raises(ValueError, match="closes a whole statement"):
        verdict("A8.pointing", "supported", "because")


def test_records_survive_the_run_of_a_notebook(run):
    imports = "from metaxai_lab.classroom import claim, verdict"
    kept = "claim('A8.x', 0.87, at_least=0.8, what='peaks <in> the mark')"
    missed = "claim('A9.x', 0.7, at_least=0.8, what='hits')"
    closed = "verdict('A8', 'conditional', 'with 3 shots')"
    _, (first,), (failed, error), (last,) = run(imports, kept, missed, closed)
    sentence = "peaks <in> the mark ≈ 0.87, wanted at least 0.8."
    assert record_in(first.metadata) == Record("claim", "A8.x", "holds", sentence)
    assert record_in(failed.metadata).state == "fails"
    assert error.ename == "ClaimFailed"
    assert record_in(last.metadata) == Record("verdict", "A8", "conditional", "with 3 shots")
    assert json.loads(json.dumps(first.metadata)) == first.metadata
    assert 'id="claim-A8.x"' in first.data["text/html"]
    assert "peaks &lt;in&gt; the mark" in first.data["text/html"]


def test_output_without_a_record_gives_none():
    assert record_in({"needs_background": "light"}) is None


def test_a_number_that_carries_a_gradient_is_claimed_without_a_warning(capsys):
    value = torch.tensor(0.5, requires_grad=True) * 1.0
    claim("A8.x", value, at_least=0.4, what="hits", control={"chance": value - 0.4})
    assert capsys.readouterr().err == ""
