"""What the page on judges measures: planted truth, rivals, methods and falls."""

import pytest
import torch

from metaxai_lab.classroom import judges_study as study
from metaxai_lab.classroom.judge_bench import FAMILY_OF
from metaxai_lab.classroom.shapley_study import judged


@pytest.fixture(scope="module")
def case():
    return judged("synth12", 0, n_rows=6)


def test_eight_of_twelve_columns_act(case):
    truth = study.truth_of(case)
    assert truth.shape == case.rows.shape
    assert truth[:, :8].all()
    assert not truth[:, 8:].any()


def test_the_bench_lacks_only_judges_of_methods(case):
    assert set(FAMILY_OF) - set(study.bench_of(case)) == {"stability", "sanity"}


def test_the_gate_reports_each_judge_and_raises_nothing(case):
    found = study.at_the_gate(case)
    assert set(found) == set(study.bench_of(case))
    assert found["error"].admitted
    assert not found["entropy"].admitted


def test_what_says_the_same_of_all_neither_moves_nor_forgets(case):
    moves, likeness = study.method_marks(case, n_rows=2, n_background=4)["same for all"]
    assert moves == 0
    assert likeness == pytest.approx(1)


def test_a_fall_begins_at_the_row_and_ends_at_the_fill(case):
    fill = study.fills(case)["mean"]
    found = study.falls(case, fill)
    whole, nothing = (case.local.model(x)[:, 0].mean() for x in (case.rows, fill[None]))
    for curve in found.curves.values():
        torch.testing.assert_close(curve[0], whole)
        torch.testing.assert_close(curve[-1], nothing)
    assert found.areas["exact"] < found.areas["random"]


def test_several_rows_of_a_fill_are_averaged(case):
    fill = study.fills(case)["rows"]
    each = [study.falls(case, row).areas["exact"] for row in fill]
    assert study.falls(case, fill).areas["exact"] == pytest.approx(sum(each) / len(each), rel=1e-4)
