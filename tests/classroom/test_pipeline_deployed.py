"""The packed program runs in a Python without the lab, and equal contents make equal files."""

import json
from zipfile import ZipFile

import pytest

from metaxai_lab.classroom.pipeline_artefacts import ArtefactError, put_tensors, take
from metaxai_lab.classroom.pipeline_deployed import NoAnswerError, ask_alone, deploy, question
from metaxai_lab.classroom.pipeline_fault import COLUMNS, new_tasks, untrained
from metaxai_lab.core import seeded

TASK = new_tasks(1, at_work=True, generator=seeded(0)).task(0)
ASKED = question(TASK.support, TASK.query)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with weights, as step 4 leaves them."""
    weights = untrained(0).state_dict()
    put_tensors(tmp_path, "repaired.safetensors", weights, made_from=(), columns=list(COLUMNS))
    return tmp_path


def test_the_program_answers_where_neither_lab_nor_torch_can_be_imported(folder):
    card = deploy(folder)
    said = ask_alone(folder / "answers.pyz", ASKED)
    assert said["columns"] == list(COLUMNS) == card["columns"]
    model = untrained(0).adapt(TASK.support)
    wanted = model(TASK.query.x).softmax(-1)[:, 1].tolist()
    assert said["probability"] == pytest.approx(wanted, abs=1e-5)
    assert len(said["contributions"]) == len(TASK.query.x)


@pytest.mark.parametrize("package", ["metaxai_lab", "torch"])
def test_the_packages_are_really_out_of_reach(tmp_path, package):
    needs = tmp_path / "needs.py"
    needs.write_text(f"import {package}")
    with pytest.raises(NoAnswerError, match=f"ModuleNotFoundError: import of {package} halted"):
        ask_alone(needs, ASKED)


def test_what_is_not_forbidden_can_be_imported(tmp_path):
    needs = tmp_path / "needs.py"
    needs.write_text("import metaxai_lab; print('{}')")
    assert ask_alone(needs, ASKED, without=()) == {}


def test_a_program_that_stops_is_quoted(folder):
    deploy(folder)
    with pytest.raises(NoAnswerError, match="the rows of 'new' need 8 finite numbers each"):
        ask_alone(folder / "answers.pyz", {**ASKED, "new": [[1.0]]})


def test_equal_weights_make_the_same_file(folder):
    first = deploy(folder)["sha256"]
    assert deploy(folder)["sha256"] == first


def test_the_file_holds_the_program_the_weights_and_the_columns_and_no_pickle(folder):
    deploy(folder)
    with ZipFile(folder / "answers.pyz") as packed:
        assert sorted(packed.namelist()) == ["__main__.py", "card.json", "weights.safetensors"]
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert json.loads(packed.read("card.json")) == {"columns": list(COLUMNS)}
        assert packed.read("weights.safetensors") == take(folder, "repaired.safetensors")[0]


def test_weights_that_are_not_there_are_named_with_their_step(tmp_path):
    with pytest.raises(ArtefactError, match="Step 4 writes both"):
        deploy(tmp_path)
