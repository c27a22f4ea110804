"""Steps read what earlier ones left and nothing else; the planted fault is found and mended."""

import json

import pytest
import torch

from metaxai_lab.classroom import pipeline_study
from metaxai_lab.classroom.pipeline_artefacts import ArtefactError, put, put_tensors, take
from metaxai_lab.classroom.pipeline_fault import COLUMNS, accuracy, importance, new_tasks
from metaxai_lab.classroom.pipeline_study import (
    REPAIRED,
    REPORT,
    TASKS,
    WEIGHTS,
    Plan,
    analyse,
    judged,
    read_learner,
    read_tasks,
    repair,
    sample_tasks,
    train,
)
from metaxai_lab.core import seeded

TINY = Plan(n_tasks=12, n_kept=4, steps=3, repair_steps=3, n_judged=2)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Return a folder in which the steps 1 to 4 were taken, at the size of the page."""
    folder, plan = tmp_path_factory.mktemp("done"), pipeline_study.plan()
    sample_tasks(folder, seed=0, plan=plan)
    train(folder, seed=0, plan=plan)
    analyse(folder)
    repair(folder, seed=0, plan=plan)
    return folder


def rewritten(folder, change):
    """Change the tasks of a folder by hand, and their card with them."""
    tasks, card = pipeline_study.take_tensors(folder, TASKS)
    change(tasks)
    about = {k: v for k, v in card.items() if k not in ("sha256", "made_from")}
    put_tensors(folder, TASKS, tasks, made_from=(), **about)


def test_the_file_of_tasks_holds_what_was_drawn_and_its_card_counts_it(tmp_path):
    card = sample_tasks(tmp_path, seed=5, plan=TINY)
    drawn = new_tasks(12, at_work=False, generator=seeded(5))
    first, last = read_tasks(tmp_path)[0], read_tasks(tmp_path, kept=True)[0]
    assert torch.equal(torch.cat([first.query.x, last.query.x]), drawn.query.x)
    assert torch.equal(torch.cat([first.support.y, last.support.y]), drawn.support.y)
    assert len(last.query.y) == 4
    assert (card["tasks"], card["kept"], card["seed"]) == (12, 4, 5)
    assert card["columns"] == list(COLUMNS)
    assert set(COLUMNS) - set(card["known_when_asked"]) == {"note"}


def test_tasks_without_a_note_differ_in_the_note_alone(tmp_path):
    sample_tasks(tmp_path, seed=5, plan=TINY, noted=False)
    drawn = new_tasks(12, at_work=False, generator=seeded(5))
    found = read_tasks(tmp_path)[0].query.x
    assert torch.equal(found[..., :7], drawn.query.x[:8, :, :7])
    assert not bool((found[..., 7] == drawn.query.x[:8, :, 7]).any())


def test_training_does_not_see_the_tasks_that_are_kept_from_it(tmp_path):
    weights = []
    for change in (
        lambda t: None,
        lambda t: t["query_y"][8:].mul_(0),
        lambda t: t["query_y"][:8].mul_(0),
    ):
        sample_tasks(tmp_path, seed=0, plan=TINY)
        rewritten(tmp_path, change)
        train(tmp_path, seed=0, plan=TINY)
        weights.append(take(tmp_path, WEIGHTS)[0])
    assert weights[0] == weights[1]
    assert weights[0] != weights[2]


def test_the_analysis_asks_the_kept_tasks_alone(tmp_path):
    sample_tasks(tmp_path, seed=0, plan=TINY)
    train(tmp_path, seed=0, plan=TINY)
    learner, before = read_learner(tmp_path), analyse(tmp_path)
    rewritten(tmp_path, lambda t: t["query_x"][:8].mul_(0))
    assert judged(learner, tmp_path) == before
    rewritten(tmp_path, lambda t: t["query_x"][8:].mul_(2))
    assert judged(learner, tmp_path) != before


def test_the_report_on_disk_is_the_one_that_is_returned(done):
    report = json.loads(take(done, REPORT)[0])
    assert report == judged(read_learner(done), done)
    assert sum(report["importance"].values()) == pytest.approx(1, abs=1e-5)
    assert list(report["accuracy_shuffled"]) == list(COLUMNS)


def test_the_planted_fault_is_found_and_the_repaired_learner_has_none(done):
    assert json.loads(take(done, REPORT)[0])["fault"] == "note"
    assert judged(read_learner(done, REPAIRED), done)["fault"] is None


def test_the_repair_brings_the_accuracy_at_work_back(done):
    work = new_tasks(100, at_work=True, generator=seeded(9))
    before, after = (accuracy(read_learner(done, file), work) for file in (WEIGHTS, REPAIRED))
    assert before < 0.68
    assert after > 0.76


def test_the_repair_does_what_the_report_on_disk_says(done, tmp_path):
    for file in (TASKS, WEIGHTS):
        content, card = take(done, file)
        (tmp_path / file).write_bytes(content)
        (tmp_path / f"{file}.card.json").write_text(json.dumps(card))
    put(tmp_path, REPORT, b'{"fault": "c1"}', made_from=[TASKS, WEIGHTS])
    tasks = read_tasks(done, kept=True)[0]
    before = importance(read_learner(done), tasks)
    after = importance(repair(tmp_path, seed=0, plan=pipeline_study.plan()), tasks)
    assert float(after[0]) < 0.5 * float(before[0])
    assert float(after[7]) > 0.5
    assert take(tmp_path, REPAIRED)[1]["against"] == "c1"


def test_each_card_names_what_its_file_was_made_from(done):
    sources = [set(take(done, file)[1]["made_from"]) for file in (TASKS, WEIGHTS, REPORT, REPAIRED)]
    assert sources == [set(), {TASKS}, {TASKS, WEIGHTS}, {TASKS, WEIGHTS, REPORT}]


@pytest.mark.parametrize(
    ("step", "number"),
    [
        (lambda folder: train(folder, seed=0, plan=TINY), 1),
        (lambda folder: analyse(folder), 2),
        (lambda folder: repair(folder, seed=0, plan=TINY), 3),
    ],
)
def test_a_step_whose_artefact_is_missing_says_which_step_writes_it(tmp_path, step, number):
    if number > 1:
        sample_tasks(tmp_path, seed=0, plan=TINY)
    if number > 2:
        train(tmp_path, seed=0, plan=TINY)
    with pytest.raises(ArtefactError, match=f"Step {number} writes both"):
        step(tmp_path)
