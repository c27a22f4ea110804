"""The experiment of the chapter: what it marks, trains and judges, on small runs."""

import pytest
import torch
import torch.nn.functional as F

from metaxai_lab.classroom import repair_study as study
from metaxai_lab.learners import ProtoNet, StridedEncoder
from metaxai_lab.tasks.stamps import STAMP


def test_a_mask_is_the_stamp_and_a_box_holds_it_and_more():
    mask, box = study.masks(6, seed=0), study.boxes(6, seed=0)
    assert torch.equal(mask.x, box.x)
    assert (mask.forbidden.sum(1) == STAMP**2).all()
    assert (box.forbidden.sum(1) == (STAMP + study.AROUND) ** 2).all()
    assert (mask.forbidden <= box.forbidden).all()


def test_each_seed_has_pictures_of_its_own_to_mark():
    assert study.masks(3, seed=1).x.shape == (3, 784)
    assert not torch.equal(study.to_mark(3, seed=0)[0], study.to_mark(3, seed=1)[0])


def test_one_seed_makes_one_learner():
    first, again, other = (study.reader(seed).embed.last.weight for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_repair_leaves_the_learner_that_it_was_given_as_it_was():
    learner = study.reader(0)
    before = learner.embed.last.weight.clone()
    seen = []
    after = study.repaired(
        learner, study.masks(2, seed=0), seed=0, steps=2, watch=lambda step, _: seen.append(step)
    )
    assert torch.equal(learner.embed.last.weight, before)
    assert not torch.equal(after.embed.last.weight, before)
    assert seen == [1, 2]


def test_a_learner_that_knows_nothing_is_right_by_luck():
    blind = ProtoNet(StridedEncoder(), sharpness=1.0)
    for weight in blind.parameters():
        torch.nn.init.zeros_(weight)
    assert study.accuracy(blind, says="the class") == pytest.approx(0.2)


def test_the_stamp_of_an_even_map_has_its_share_of_the_picture():
    assert study.stamp_share() == pytest.approx(36 / 784)


def test_values_that_are_twice_as_large_make_contents_twice_as_long():
    looker = study.looker(0)
    before = study.content_on_stamp(looker)
    with torch.no_grad():
        looker.value.weight *= 2
    assert study.content_on_stamp(looker) == pytest.approx(2 * before)


def test_the_content_is_that_of_the_cells_of_the_stamp():
    looker = study.looker(0)
    looker.views.content = lambda x: (
        F.avg_pool2d(x.view(-1, 1, 28, 28), 4).view(*x.shape[:-1], 49, 1) * torch.ones(32)
    )
    with torch.no_grad():
        looker.value.weight.copy_(torch.eye(32))
    tasks, where = study.draw("test", says="the class", n_tasks=20, generator=study.seeded(9000))
    strong = (tasks.query.x * where).sum(-1) / 64 * 32**0.5  # four cells hold the stamp
    assert study.content_on_stamp(looker) >= float(strong.mean()) - 1e-4


def test_attention_spread_evenly_gives_the_stamp_its_four_cells():
    looker = study.looker(0)
    looker.focus = "uniform"
    assert study.attention_on_stamp(looker) == pytest.approx(4 / 49)
