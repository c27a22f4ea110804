"""What is exported answers as the lab does, also where the lab cannot be imported."""

import json

import pytest
import torch

from metaxai_lab.classroom import repair_study
from metaxai_lab.classroom.answer_letters import answers, opened
from metaxai_lab.classroom.pipeline_deployed import ask_alone, question
from metaxai_lab.classroom.served_letters import Served, export, write_tasks
from metaxai_lab.core import seeded
from metaxai_lab.learners import ConvEncoder, ProtoNet, reasons


@pytest.fixture(scope="module")
def learner():
    return repair_study.reader(0).eval()


@pytest.fixture(scope="module")
def task():
    return repair_study.draw("test", says="another", n_tasks=1, generator=seeded(1))[0].task(0)


@pytest.fixture(scope="module")
def folder(learner, tmp_path_factory):
    made = tmp_path_factory.mktemp("exported")
    export(learner, made, n_way=5, k_shot=3)
    return made


def in_the_lab(learner, task):
    model = learner.adapt(task.support)
    return model(task.query.x).detach(), reasons(model, task.query.x).detach()


def test_the_module_that_is_exported_gives_what_the_lab_gives(learner, task):
    outputs, found = Served(learner, 5)(task.support.x, task.support.y, task.query.x)
    wanted = in_the_lab(learner, task)
    torch.testing.assert_close(outputs.detach(), wanted[0])
    torch.testing.assert_close(found.detach(), wanted[1])


def test_rows_of_the_support_may_stand_in_any_order(learner, task):
    served, order = Served(learner, 5), torch.randperm(15, generator=seeded(2))
    first = served(task.support.x, task.support.y, task.query.x)
    again = served(task.support.x[order], task.support.y[order], task.query.x)
    torch.testing.assert_close(first, again)


@pytest.mark.parametrize("kind", ["pt2", "onnx"])
def test_an_exported_file_gives_what_the_lab_gives_for_any_number_of_pictures(
    folder, learner, task, kind
):
    ask, wanted = opened(folder, kind), in_the_lab(learner, task)
    for n in (1, 7):
        asked = question(task.support, task.query)
        said = answers(ask, {**asked, "new": asked["new"][:n]})
        for part, lab in zip(("outputs", "reasons"), wanted, strict=True):
            assert (torch.tensor(said[part]) - lab[:n]).abs().max() < 1e-5


def test_onnx_answers_where_neither_lab_nor_torch_can_be_imported(folder, learner, task):
    asked = question(task.support, task.query) | {"format": "onnx", "repeats": 3}
    said = ask_alone(folder / "answer.py", asked, without=("metaxai_lab", "torch"))
    wanted = in_the_lab(learner, task)[0]
    assert (torch.tensor(said["outputs"]) - wanted).abs().max() < 1e-5
    assert said["milliseconds"] > 0


def test_an_encoder_whose_slopes_are_not_written_out_is_refused(tmp_path):
    with pytest.raises(TypeError, match="written out here; found ConvEncoder"):
        export(ProtoNet(ConvEncoder()), tmp_path, n_way=5, k_shot=3)


def test_tasks_to_show_are_questions(tmp_path):
    write_tasks(tmp_path, n_tasks=2)
    asked = json.loads((tmp_path / "tasks.json").read_text())
    assert len(asked) == 2
    assert set(asked[0]) == {"past", "classes", "new"}
