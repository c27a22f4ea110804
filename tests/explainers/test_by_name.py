"""The door: each name is a method that explains an adapted model, in its own unit."""

import pytest
import torch

from metaxai_lab.core import Explainer, initialised_with, seeded
from metaxai_lab.explainers import EXPLAINERS
from metaxai_lab.learners import AttentiveLearner
from metaxai_lab.tasks import draw_episodes, glyphs

UNITS = {
    "attention": "share of attention",
    "Grad-CAM": "Grad-CAM",
    "gradient": "log-odds for a step of 1",
    "gradient x input": "log-odds",
    "integrated gradients": "log-odds",
    "occlusion": "log-odds",
}


@pytest.fixture(scope="module")
def episode():
    sizes = {"n_way": 3, "k_shot": 2, "n_query": 1}
    return draw_episodes(glyphs("train"), **sizes, n_tasks=1, generator=seeded(0)).task(0)


@pytest.fixture(scope="module")
def model(episode):
    with initialised_with(seeded(1)):
        return AttentiveLearner(3).adapt(episode.support)


def test_the_names_are_those_with_a_unit_here():
    assert EXPLAINERS.keys() >= UNITS.keys()


@pytest.mark.parametrize("name", EXPLAINERS)
def test_behind_a_name_is_an_explainer(name):
    assert isinstance(EXPLAINERS[name], Explainer)


@pytest.mark.parametrize("name", UNITS)
def test_it_explains_each_row_of_an_adapted_model_in_its_unit(name, model, episode):
    x = episode.query.x
    found = EXPLAINERS[name](model, x, target=1)
    assert found.unit == UNITS[name]
    assert found.values.shape == x.shape
    assert found.values.isfinite().all()
    assert found.values.abs().sum(-1).min() > 0
    assert torch.equal(found.inputs, x)
    torch.testing.assert_close(found.output, model(x)[:, 1].detach())


@pytest.mark.parametrize("name", UNITS)
def test_it_explains_stacked_tasks_with_a_target_for_each_row_as_one_by_one(name):
    sizes = {"n_way": 3, "k_shot": 2, "n_query": 1}
    tasks = draw_episodes(glyphs("train"), **sizes, n_tasks=2, generator=seeded(2))
    with initialised_with(seeded(1)):
        learner = AttentiveLearner(3)
    stacked = EXPLAINERS[name](learner.adapt(tasks.support), tasks.query.x, target=tasks.query.y)
    for i in range(2):
        task = tasks.task(i)
        for row, label in enumerate(task.query.y.tolist()):
            x = task.query.x[row : row + 1]
            one = EXPLAINERS[name](learner.adapt(task.support), x, target=label)
            near = {"atol": 1e-6 + 1e-4 * float(one.values.abs().max()), "rtol": 0}
            torch.testing.assert_close(stacked.values[i, row], one.values[0], **near)
            torch.testing.assert_close(stacked.output[i, row], one.output[0])
            torch.testing.assert_close(stacked.reference[i, row], one.reference[0])


def test_no_two_names_say_the_same(model, episode):
    said = [e(model, episode.query.x, target=1).values for e in EXPLAINERS.values()]
    pairs = [(a, b) for i, a in enumerate(said) for b in said[:i]]
    assert not any(torch.allclose(a, b, rtol=1e-2) for a, b in pairs)


def test_the_door_is_not_moved_by_a_reader():
    with pytest.raises(TypeError):
        EXPLAINERS["mine"] = EXPLAINERS["occlusion"]
