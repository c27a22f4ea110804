"""The study trains, looks and explains: a seed says all, and the answer given is explained."""

import pytest
import torch

from metaxai_lab.classroom import pictures_study
from metaxai_lab.classroom.pictures_study import Plan
from metaxai_lab.core import Attribution, seeded

TINY = Plan(faint=2, steps=3, n_tasks=2, n_judged=2, ringed=2)


@pytest.fixture(scope="module")
def episode():
    return pictures_study.tasks("test", 2, seeded(1))


def test_all_steps_are_told_in_one_row_and_the_weights_move():
    told = []
    learner = pictures_study.train(0, TINY, on_step=lambda _, step: told.append(step))
    assert told == [1, 2, 3, 4, 5]
    before = pictures_study.fresh(0).state_dict()
    assert not torch.equal(before["value.weight"], learner.state_dict()["value.weight"])


def test_one_seed_gives_one_learner():
    one, other = (pictures_study.train(3, TINY).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_queries_to_judge_are_five_a_class(episode):
    assert episode.query.x.shape == (2, 25, 1024)
    assert pictures_study.tasks("train", 1, seeded(0)).query.x.shape == (1, 15, 1024)


def test_each_map_has_a_number_for_each_cell(episode):
    learner = pictures_study.fresh(0)
    maps = pictures_study.maps_of(learner, pictures_study.fresh(1), episode)
    assert {m.shape for m in maps.values()} == {(2, 25, 64)}
    assert all(bool((m >= 0).all()) for m in maps.values())
    assert torch.allclose(maps["attention"].sum(-1), torch.ones(2, 25))


def test_a_method_is_asked_about_the_answer_that_was_given(episode):
    learner = pictures_study.fresh(0)

    def names_its_target(model, x, *, target):
        values = torch.ones_like(x) * (target[..., None] + 1.0)
        return Attribution(values, x, x[..., 0], x[..., 0])

    found = pictures_study.explained_by(names_its_target, learner, episode)
    with torch.no_grad():
        answers = learner.adapt(episode.support)(episode.query.x).argmax(-1)
    assert torch.equal(found[..., 0], answers + 1.0)


def test_accuracy_is_the_share_of_right_answers(episode):
    learner = pictures_study.fresh(0)
    with torch.no_grad():
        answers = learner.adapt(episode.support)(episode.query.x).argmax(-1)
    right = int((answers == episode.query.y).sum())
    assert pictures_study.accuracy(learner, episode) == pytest.approx(right / 50)


def test_training_with_rings_leaves_the_learner_it_began_with():
    learner = pictures_study.fresh(0)
    kept = {name: value.clone() for name, value in learner.state_dict().items()}
    ringed = pictures_study.train_with_rings(learner, TINY, generator=seeded(2))
    assert all(torch.equal(kept[name], value) for name, value in learner.state_dict().items())
    assert not torch.equal(kept["value.weight"], ringed.state_dict()["value.weight"])
