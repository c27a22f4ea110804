"""The small program, judged by hand, by the lab, and by what it imports."""

import ast
from math import exp, nan
from pathlib import Path

import numpy as np
import pytest
import torch

from metaxai_lab.classroom import pipeline_served
from metaxai_lab.classroom.pipeline_fault import new_tasks, reasons, untrained
from metaxai_lab.classroom.pipeline_served import answer
from metaxai_lab.core import Examples, seeded

EYE = np.eye(3)
NOTHING = {  # a network that hands its input on: a ReLU of each sign, and their difference
    "embed.layers.0.weight": np.vstack([EYE, -EYE]),
    "embed.layers.0.bias": np.zeros(6),
    "embed.layers.1.weight": np.hstack([EYE, -EYE]),
    "embed.layers.1.bias": np.zeros(3),
}
QUESTION = {
    "past": [[2, 1, 3], [0, -1, 3], [-2, -1, -3], [0, 1, -3]],
    "classes": [1, 1, 0, 0],
    "new": [[1, 1, -1], [2, 0, 0]],
}


def test_the_answers_of_the_chapter_are_those_worked_out_by_hand():
    said = answer(NOTHING, QUESTION)
    assert said["log-odds"] == pytest.approx([-8, 8])
    assert said["probability"] == pytest.approx([1 / (1 + exp(8)), 1 / (1 + exp(-8))])
    assert np.array(said["contributions"]) == pytest.approx(np.array([[4, 0, -12], [8, 0, 0]]))
    assert said["of a row of zeros"] == pytest.approx(0)


def test_its_answers_and_reasons_are_those_of_the_lab():
    learner, task = untrained(0).double(), new_tasks(1, at_work=True, generator=seeded(0)).task(0)
    past = Examples(task.support.x.double(), task.support.y)
    model, new = learner.adapt(past), task.query.x.double()
    weights = {name: tensor.numpy() for name, tensor in learner.state_dict().items()}
    asked = {"past": past.x.tolist(), "classes": past.y.tolist(), "new": new.tolist()}
    said, found = answer(weights, asked), reasons(model, new)
    assert said["probability"] == pytest.approx(model(new).softmax(-1)[:, 1].tolist(), abs=1e-9)
    ours = torch.tensor(said["contributions"], dtype=torch.double)
    assert torch.allclose(ours, found.values, atol=1e-5)
    assert said["of a row of zeros"] == pytest.approx(float(found.reference[0]), abs=1e-6)


@pytest.mark.parametrize("rows", [[[1, 2]], [[1, 2, nan]], [1, 2, 3]])
@pytest.mark.parametrize("name", ["past", "new"])
def test_rows_that_do_not_fit_are_named(name, rows):
    with pytest.raises(SystemExit, match=f"the rows of '{name}' need 3 finite numbers each"):
        answer(NOTHING, {**QUESTION, name: rows})


@pytest.mark.parametrize("classes", [[1, 1, 1, 1], [1, 0], [1, 0, 2, 0]])
def test_classes_that_do_not_fit_are_refused(classes):
    with pytest.raises(SystemExit, match="each past case needs its class, 0 or 1"):
        answer(NOTHING, {**QUESTION, "classes": classes})


def test_it_needs_numpy_and_safetensors_and_no_lab():
    tree = ast.parse(Path(pipeline_served.__file__).read_text("utf8"))
    plain = {name.name for n in ast.walk(tree) if isinstance(n, ast.Import) for name in n.names}
    whole = plain | {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert whole == {"json", "sys", "typing", "zipfile", "numpy", "safetensors.numpy"}
