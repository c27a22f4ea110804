"""Accuracy over many tasks, from a table that was embedded once."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import (
    ConvEncoder,
    FewShotAccuracy,
    ProtoNet,
    embed_all,
    few_shot_accuracy,
)
from metaxai_lab.learners.matching import Matching
from metaxai_lab.tasks import PictureTable, draw_episodes

SIZES = {"n_way": 3, "k_shot": 2, "n_query": 2}


def table(counts=(5, 4, 7, 4), side=16):
    """Return noise around one picture a class, so that some answers are right and some wrong."""
    shape = (len(counts), side * side)
    classes = torch.randint(0, 100, shape, generator=seeded(0)).repeat_interleave(
        torch.tensor(counts), 0
    )
    noise = torch.randint(0, 156, classes.shape, generator=seeded(1))
    pixels = (classes + noise).to(torch.uint8)
    return PictureTable(pixels, torch.tensor(counts), tuple("abcd"), side)


def encoder():
    with initialised_with(seeded(0)):
        return ConvEncoder(side=16, width=8)


def protonet():
    return ProtoNet(encoder(), sharpness=0.5)


def matching():
    with initialised_with(seeded(1)):
        return Matching(encoder(), dim=8, n_keys=4)


@pytest.mark.parametrize("make", [protonet, matching])
def test_the_shares_are_those_of_the_learner_adapted_to_one_episode_after_another(make):
    learner, pictures = make().eval(), table()
    ours = few_shot_accuracy(
        learner,
        embed_all(learner.embed, pictures),
        **SIZES,
        n_episodes=20,
        n_at_once=20,
        generator=seeded(2),
    )
    episodes = draw_episodes(pictures, **SIZES, n_tasks=20, generator=seeded(2))
    plain = []
    with torch.no_grad():
        for task in map(episodes.task, range(20)):
            answers = learner.adapt(task.support)(task.query.x).argmax(-1)
            plain.append((answers == task.query.y).float().mean())
    assert torch.allclose(ours.shares, torch.stack(plain), atol=1e-6)
    assert ours.shares.std() > 0  # else the test could not tell


def test_as_many_episodes_are_judged_as_were_asked_for():
    learner = protonet()
    seen = embed_all(learner.embed, table())
    found = few_shot_accuracy(
        learner, seen, **SIZES, n_episodes=7, n_at_once=3, generator=seeded(0)
    )
    assert len(found.shares) == 7


def test_pictures_are_embedded_in_evaluation_mode_and_the_mode_is_left_as_it_was():
    learner = encoder().train()
    seen = embed_all(learner, table(), n_at_once=3)
    assert learner.training
    assert seen.z.shape == (20, 8)
    wanted = learner.eval()(table().pixels.float() / 255)
    torch.testing.assert_close(seen.z, wanted, rtol=1e-4, atol=1e-5)


def test_every_picture_spells_its_own_number():
    counts = (70_000, 4)
    pixels = torch.zeros(sum(counts), 1, dtype=torch.uint8)
    seen = embed_all(
        nn.Identity(), PictureTable(pixels, torch.tensor(counts), ("a", "b"), 1), n_at_once=70_004
    )
    assert seen.numbers.pixels.view(torch.int32).flatten().tolist() == list(range(70_004))


def test_a_learner_is_left_as_it_was():
    learner = protonet().train()
    embed = learner.embed
    few_shot_accuracy(
        learner, embed_all(embed, table()), **SIZES, n_episodes=2, generator=seeded(0)
    )
    assert learner.embed is embed
    assert learner.training


def test_mean_and_interval_are_those_of_the_hand():
    """Shares 1, 1, 1/2, 1/2: mean 3/4, standard deviation sqrt(1/12), over sqrt(4)."""
    found = FewShotAccuracy(5, 1, torch.tensor([1.0, 1.0, 0.5, 0.5]))
    assert found.mean == 0.75
    assert found.half_width == pytest.approx(1.96 * (1 / 12) ** 0.5 / 2)
    assert str(found) == "5-way 1-shot: 75.00 % ± 28.29 (4 episodes)"


def test_the_interval_covers_a_known_truth_about_95_times_in_100():
    shares = (torch.rand(1000, 100, 15, generator=seeded(0)) < 0.8).float().mean(-1)
    found = [FewShotAccuracy(5, 1, row) for row in shares]
    covered = sum(abs(one.mean - 0.8) < one.half_width for one in found)
    assert 925 <= covered <= 970


def test_a_learner_without_an_embedding_is_refused():
    seen = embed_all(nn.Identity(), table())
    with pytest.raises(TypeError, match="through its module `embed`; Linear has none"):
        few_shot_accuracy(nn.Linear(2, 2), seen, **SIZES, generator=seeded(0))


def test_a_class_with_too_few_pictures_is_named():
    learner = protonet()
    with pytest.raises(ValueError, match="class 'b' has 4"):
        few_shot_accuracy(
            learner,
            embed_all(learner.embed, table()),
            n_way=3,
            k_shot=2,
            n_query=3,
            generator=seeded(0),
        )
