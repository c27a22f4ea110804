"""What is sent out answers as the lab does, where the lab cannot be imported."""

import json
from hashlib import sha256

import pytest
import torch
from torch import nn

from metaxai_lab.classroom.pipeline_deployed import NoAnswerError
from metaxai_lab.classroom.sent_out import Column, UseCard, ask_sent, send_out
from metaxai_lab.core import seeded

AGE, WEIGHT = Column("age", "years", 18.0, 90.0), Column("weight", "kg", 40.0, 150.0)
CARD = UseCard("Dose", "A dose in mg.", (AGE, WEIGHT), ("Children.",), {"error": "≈ 0.10"})


class Line(nn.Module):
    """Weights times values, and the parts of the sum."""

    def __init__(self, weights):
        super().__init__()
        self.weights = nn.Parameter(torch.tensor(weights))

    def forward(self, x):
        parts = x * self.weights
        return parts.sum(-1), parts


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("sent")
    send_out(Line([0.37, -0.021]), CARD, made)
    return made


def test_it_answers_as_the_lab_does_without_lab_or_torch(folder):
    low, high = torch.tensor([18.0, 40.0]), torch.tensor([90.0, 150.0])
    x = low + (high - low) * torch.rand(7, 2, generator=seeded(0))
    rows = [{"age": age, "weight": weight} for age, weight in x.tolist()]
    wanted, parts = Line([0.37, -0.021])(x)
    said = ask_sent(folder, rows)
    answers = torch.tensor([each["answer"] for each in said])
    reasons = torch.tensor([list(each["reasons"].values()) for each in said])
    assert (answers - wanted).abs().max() < 1e-5
    assert (reasons - parts).abs().max() < 1e-5


def test_one_row_may_be_asked(folder):
    [said] = ask_sent(folder, [{"age": 20, "weight": 50}])
    assert said["answer"] == pytest.approx(0.37 * 20 - 0.021 * 50, abs=1e-5)


def test_both_formats_hold_the_same_model(folder):
    program = torch.export.load(folder / "rows.pt2").module()
    with torch.no_grad():
        answer, _ = program(torch.tensor([[20.0, 50.0]]))
    [said] = ask_sent(folder, [{"age": 20, "weight": 50}])
    assert float(answer[0]) == pytest.approx(said["answer"], abs=1e-5)


def test_a_refused_row_is_an_error_with_the_sentence(folder):
    with pytest.raises(NoAnswerError, match=r"age: needs a finite number, in years; found '\?'"):
        ask_sent(folder, [{"age": "?", "weight": 50}])


def test_the_card_that_travels_says_what_the_page_says_and_knows_its_files(folder):
    told = json.loads((folder / "card.json").read_text())
    assert told["not_for"] == ["Children."]
    assert told["measured"] == {"error": "≈ 0.10"}
    age = {"name": "age", "unit": "years", "low": 18.0, "high": 90.0, "levels": [], "usual": None}
    assert told["columns"][0] == age
    for name in ("rows.pt2", "rows.onnx"):
        assert told["sha256"][name] == sha256((folder / name).read_bytes()).hexdigest()


def test_the_page_shows_range_unit_measure_and_what_it_is_not_for():
    text = CARD.markdown()
    assert "| age | years | 18 to 90 |" in text
    assert "- Children." in text
    assert "- error: ≈ 0.10" in text


def test_the_lab_keeps_its_module_as_it_was(tmp_path):
    line = Line([1.0, 2.0]).train()
    send_out(line, CARD, tmp_path)
    assert line.training
    assert line.weights.requires_grad


def test_reasons_of_another_shape_are_refused(tmp_path):
    class Short(Line):
        def forward(self, x):
            return x.sum(-1), x[:, :1]

    with pytest.raises(ValueError, match=r"reasons of their own shape; found \(2,\) and \(2, 1\)"):
        send_out(Short([1.0, 1.0]), CARD, tmp_path)


def test_answers_that_are_not_finite_are_refused(tmp_path):
    with pytest.raises(ValueError, match="finite answers and reasons"):
        send_out(Line([1.0, float("nan")]), CARD, tmp_path)


def test_a_card_without_a_forbidden_use_is_refused():
    with pytest.raises(ValueError, match="what its model must not be used for"):
        UseCard("Dose", "mg", (AGE,), ())


@pytest.mark.parametrize("columns", [(), (AGE, AGE)])
def test_a_card_without_columns_or_with_one_twice_is_refused(columns):
    with pytest.raises(ValueError, match="one column or more, each once"):
        UseCard("Dose", "mg", columns, ("Children.",))


@pytest.mark.parametrize("ends", [(2.0, 1.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_a_range_is_finite_and_ascends(ends):
    with pytest.raises(ValueError, match="the range of 'age' goes from a finite number"):
        Column("age", "years", *ends)
