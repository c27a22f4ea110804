"""Lessons: what is shown, what is asked, and which reader is told what."""

import pytest
import torch

from metaxai_lab.classroom import lessons_study as study


@pytest.fixture(scope="module")
def given():
    return study.lessons(n_shown=16)


def test_rows_that_are_asked_are_not_shown(given):
    for one in given:
        shown = one.shown.inputs.unsqueeze(2)
        assert not (shown == one.asked.x.unsqueeze(1)).all(-1).any()


def test_shares_add_up_to_the_output(given):
    assert max(float(one.shown.gap.abs().max()) for one in given) < 1e-3


def test_an_answer_is_yes_where_the_output_is_above_the_usual_one(given):
    for one in given:
        undecided = (one.sure - 0.5).abs() < 1e-5
        assert (((one.answers > 0) == (one.sure > 0.5)) | undecided).all()
        assert undecided.float().mean() < 0.1
        assert 0.4 < float(one.asked.y.mean()) < 0.6


def test_the_first_rows_of_a_lesson_are_a_lesson(given):
    few = given[0].first(8)
    assert few.shown.inputs.shape[1] == few.answers.shape[1] == few.sure.shape[1] == 8
    assert torch.equal(few.asked.x, given[0].asked.x)


def test_right_shares_help_and_shuffled_ones_do_not(given):
    found = study.all_taught(given)
    right = {name: float(marks.mean()) for name, marks in found.items()}
    assert right["exact shares"] > right["no explanation"] + 0.05
    for name in ("in random places", "of another row", "even shares"):
        assert abs(right[name] - right["no explanation"]) < 0.04
    assert len(found["exact shares"]) == sum(len(one.answers) for one in given)


def test_only_the_lessons_of_a_name_are_asked(given):
    found = study.all_taught(given, only="trees")
    assert len(found["exact shares"]) == sum(
        len(one.answers) for one in given if one.name == "trees"
    )


def test_what_only_the_sum_tells_is_all_that_leaks(given):
    def even(a):
        return a.values.mean(-1, keepdim=True).expand_as(a.values)

    for one in given:
        mine = study.leaked(one, lambda a: a.values)
        torch.testing.assert_close(mine, study.leaked(one, even), atol=0.07, rtol=0.0)
        assert float(mine.mean()) > 0.8


def test_a_leak_is_judged_by_the_other_rows_alone(given):
    one = given[0].first(8)
    assert float(study.leaked(one, _nothing).mean()) < 0.7


def _nothing(a):
    return torch.zeros_like(a.values)


def test_simulatability_passes_the_gate(given):
    found = study.gate_of(given)
    assert found.reasons == ()
    assert found.shares["signs"] < 0.7
    assert found.shares["slope"] < found.shares["LIME"] < found.shares["additive"]


def test_real_lessons_are_twelve_models_with_draws_of_rows():
    found = list(study.real_lessons(n_draws=2))
    assert len(found) == 12
    for one in found:
        assert one.shown.values.shape == (2, 16, 10)
        assert not torch.equal(one.shown.inputs[0], one.shown.inputs[1])
