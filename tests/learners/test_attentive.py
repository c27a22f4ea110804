"""The attentive learner: one reading, many queries; the state steers; bad support is refused."""

import pytest
import torch

from metaxai_lab.core import AttendingModel, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import AttentiveLearner, ProtoNet, classification_loss
from metaxai_lab.tasks import accents, draw_accent_episodes


def made(**settings):
    with initialised_with(seeded(0)):
        return AttentiveLearner(**settings)


@pytest.fixture
def learner():
    return made()


@pytest.fixture(scope="module")
def episode():
    kinds = ["mark", "base", "mark", "base"]
    return draw_accent_episodes(
        accents("test"), kinds=kinds, n_way=5, k_shot=3, n_query=2, generator=seeded(1)
    )


def test_it_is_a_meta_learner_whose_model_attends(learner, episode):
    assert isinstance(learner, MetaLearner)
    assert isinstance(learner.adapt(episode.support), AttendingModel)


def test_a_batch_of_tasks_gives_what_each_task_gives_alone(learner, episode):
    together = learner.adapt(episode.support)
    for i in range(4):
        alone, task = learner.adapt(episode.task(i).support), episode.task(i)
        assert torch.allclose(together(episode.query.x)[i], alone(task.query.x), atol=1e-5)
        maps = together.attention(episode.query.x)[i]
        assert torch.allclose(maps, alone.attention(task.query.x), atol=1e-6)


def test_two_axes_of_tasks_are_served(learner, episode):
    support = Examples(episode.support.x.view(2, 2, 15, 784), episode.support.y.view(2, 2, 15))
    outputs = learner.adapt(support)(episode.query.x.view(2, 2, 10, 784))
    wanted = learner.adapt(episode.support)(episode.query.x)
    assert torch.allclose(outputs.view(4, 10, 5), wanted, atol=1e-5)


def test_each_map_shares_out_one_whole(learner, episode):
    maps = learner.adapt(episode.support).attention(episode.query.x)
    assert maps.shape == (4, 10, 7, 7)
    assert torch.allclose(maps.sum((-1, -2)), torch.ones(4, 10))


def test_the_reading_does_not_hang_on_the_order_of_the_classes(learner, episode):
    task = episode.task(0)
    order = torch.arange(15).view(5, 3).T.flatten()  # one row of each class in turn
    mixed = Examples(task.support.x[order], task.support.y[order])
    wanted = learner.adapt(task.support)(task.query.x)
    assert torch.allclose(learner.adapt(mixed)(task.query.x), wanted, atol=1e-5)


def test_the_state_moves_the_attention_and_a_blind_twin_has_none(episode):
    x = episode.query.x[0]
    for focus, alike in (("task", False), ("blind", True), ("uniform", True), ("none", True)):
        learner = made(focus=focus)
        maps = [learner.adapt(episode.task(i).support).attention(x) for i in (0, 1)]
        assert torch.equal(*maps) == alike, focus


def test_uniform_attention_weighs_all_cells_alike(episode):
    maps = made(focus="uniform").adapt(episode.support).attention(episode.query.x)
    assert torch.equal(maps, torch.full_like(maps, 1 / 49))


def test_without_attention_it_is_a_prototypical_network_on_the_contents(episode):
    learner, task = made(focus="none"), episode.task(0)
    plain = ProtoNet(Contents(learner)).adapt(task.support)
    wanted = learner.log_sharpness.exp() * plain(task.query.x) / 49
    assert torch.allclose(learner.adapt(task.support)(task.query.x), wanted, atol=1e-5)


class Contents(torch.nn.Module):
    """What is in the cells, side by side."""

    def __init__(self, learner):
        super().__init__()
        self.learner = learner

    def forward(self, x):
        return self.learner.value(self.learner.views.content(x)).flatten(-2)


def test_blind_and_steered_twins_begin_with_the_same_weights():
    one, other = made(focus="task").state_dict(), made(focus="blind").state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_embedding_is_linear_in_what_is_attended(learner, episode):
    content, clue = learner.look(episode.query.x[0])
    weights = learner.weigh(clue, torch.randn(64, generator=seeded(2)))
    halves = [
        torch.where(torch.arange(49) < 25, weights, 0),
        torch.where(torch.arange(49) < 25, 0, weights),
    ]
    whole = learner.embed(content, weights)
    assert torch.allclose(sum(learner.embed(content, half) for half in halves), whole, atol=1e-6)


def test_every_weight_learns_but_those_of_the_state_in_the_blind_twin(episode):
    for focus, idle in (("task", set()), ("blind", {"reader", "query.weight"})):
        learner = made(focus=focus)
        classification_loss(learner, episode).backward()
        still = {name for name, p in learner.named_parameters() if _is_idle(p)}
        assert {n if n.startswith("query") else n.split(".")[0] for n in still} == idle, focus


def test_one_shot_is_enough_to_adapt(learner, episode):
    support = Examples(episode.support.x[:, ::3], episode.support.y[:, ::3])
    assert learner.adapt(support)(episode.query.x).isfinite().all()


def test_more_classes_than_it_reads_are_refused(episode):
    with pytest.raises(ValueError, match="reads 3 classes, numbered from 0; found the label 4"):
        made(n_way=3).adapt(episode.support)


def test_pictures_of_another_size_are_refused(learner):
    support = Examples(torch.zeros(5, 1024), torch.arange(5))
    with pytest.raises(ValueError, match="found rows of 1024"):
        learner.adapt(support)


def _is_idle(parameter):
    return parameter.grad is None or not parameter.grad.any()
