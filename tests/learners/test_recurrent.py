"""The recurrent learner: one reading, many queries; the order of reading; labels and targets."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import Recurrent, classification_loss, meta_train, shuffled_support


def made(n_out=3, **settings):
    with initialised_with(seeded(0)):
        return Recurrent(4, n_out, 8, **settings)


@pytest.fixture
def tasks():
    generator = seeded(1)
    x = torch.randn(2, 5, 6, 4, generator=generator)
    y = torch.randint(3, (2, 5, 6), generator=generator)
    return Episode(Examples(x[0], y[0]), Examples(x[1], y[1]))


def test_it_is_a_meta_learner(tasks):
    assert isinstance(made(), MetaLearner)
    assert made().adapt(tasks.support)(tasks.query.x).shape == (5, 6, 3)


def test_the_state_is_what_one_cell_after_the_other_makes(tasks):
    learner, task = made(), tasks.task(0)
    weights = [learner.reader.get_parameter(f"{n}_l0") for n in ("weight_ih", "weight_hh")]
    biases = [learner.reader.get_parameter(f"{n}_l0") for n in ("bias_ih", "bias_hh")]
    state = (torch.zeros(1, 8), torch.zeros(1, 8))
    for row, label in zip(task.support.x, task.support.y, strict=True):
        token = torch.cat([row, torch.eye(3)[label]])
        state = torch.lstm_cell(token[None], state, *weights, *biases)
    torch.testing.assert_close(learner.adapt(task.support).state, state[0][0])


def test_stacked_tasks_are_adapted_to_as_one_by_one(tasks):
    learner = made()
    stacked = learner.adapt(tasks.support)(tasks.query.x)
    for i in range(5):
        alone = learner.adapt(tasks.task(i).support)(tasks.query.x[i])
        torch.testing.assert_close(stacked[i], alone)


def test_two_axes_of_tasks_are_served(tasks):
    learner, twice = (
        made(),
        Examples(tasks.support.x.expand(2, 5, 6, 4), tasks.support.y.expand(2, 5, 6)),
    )
    outputs = learner.adapt(twice)(tasks.query.x.expand(2, 5, 6, 4))
    torch.testing.assert_close(outputs[1], learner.adapt(tasks.support)(tasks.query.x))


def test_queries_do_not_read_each_other(tasks):
    model = made().adapt(tasks.support)
    torch.testing.assert_close(model(tasks.query.x)[:, 2:3], model(tasks.query.x[:, 2:3]))


def test_the_support_is_read_once_however_often_it_is_asked(tasks, monkeypatch):
    learner, readings = made(), []
    learner.reader.register_forward_hook(lambda *_: readings.append(1))
    model = learner.adapt(tasks.support)
    model(tasks.query.x), model(tasks.query.x)
    assert len(readings) == 1


def test_the_state_hangs_on_the_labels(tasks):
    other = Examples(tasks.support.x, (tasks.support.y + 1) % 3)
    assert not torch.allclose(made().adapt(other).state, made().adapt(tasks.support).state)


def test_targets_of_a_regression_are_read_as_numbers(tasks):
    learner, y = made(n_out=1), tasks.support.x[..., 0]
    tokens = learner.tokens(Examples(tasks.support.x, y))
    assert torch.equal(tokens, torch.cat([tasks.support.x, y.unsqueeze(-1)], -1))
    assert learner.adapt(Examples(tasks.support.x, y))(tasks.query.x).shape == (5, 6, 1)


def test_rows_are_read_as_the_embedding_sees_them(tasks):
    learner = made(embed=nn.Linear(4, 4))
    seen = learner.embed(tasks.support.x)
    labels = torch.eye(3)[tasks.support.y]
    assert torch.equal(learner.tokens(tasks.support), torch.cat([seen, labels], -1))


def test_every_weight_learns(tasks):
    learner = made()
    classification_loss(learner, tasks).backward()
    assert all(weight.grad is not None for weight in learner.parameters())


def test_shuffled_support_keeps_each_row_with_its_label(tasks):
    x = tasks.support.x.clone()
    x[..., 0] = tasks.support.y  # a row that knows its own label
    x[..., 1] = torch.arange(6)  # and where it stood
    moved = shuffled_support(
        Episode(Examples(x, tasks.support.y), tasks.query), generator=seeded(2)
    )
    assert torch.equal(moved.support.x[..., 0].long(), moved.support.y)
    places = moved.support.x[..., 1]
    assert torch.equal(places.sort(-1).values, torch.arange(6.0).expand(5, 6))
    assert len({tuple(order) for order in places.tolist()}) == 5  # each task in its own order
    assert moved.query is tasks.query


def test_shuffled_support_draws_from_its_generator(tasks):
    one, again, other = (shuffled_support(tasks, generator=seeded(s)).support.x for s in (3, 3, 4))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_trained_it_learns_which_side_has_which_label():
    def draw(generator):
        y = torch.arange(2).repeat(16, 8)
        flip = 1 - 2 * torch.randint(2, (16, 1), generator=generator)  # the side changes by task
        x = torch.randn(16, 16, 4, generator=generator)
        x[..., 0] += 3 * (2 * y - 1) * flip
        return Episode(Examples(x[:, :6], y[:, :6]), Examples(x[:, 6:], y[:, 6:]))

    generator = seeded(0)
    with initialised_with(generator):
        learner = Recurrent(4, 2, 16)
    settings = {"steps": 200, "outer_lr": 0.01, "generator": generator, "progress": False}
    meta_train(learner, draw, classification_loss, device="cpu", **settings)
    episode = draw(seeded(1))
    found = learner.adapt(episode.support)(episode.query.x).argmax(-1)
    assert (found == episode.query.y).float().mean() > 0.95


def test_a_label_beyond_its_classes_is_refused(tasks):
    with pytest.raises(ValueError, match="reads 2 classes, numbered from 0; found the label 2"):
        made(n_out=2).adapt(tasks.support)


def test_real_targets_for_a_classifier_are_refused(tasks):
    with pytest.raises(ValueError, match="labels of 3 classes; found targets that are real"):
        made().adapt(Examples(tasks.support.x, tasks.support.x[..., 0]))


def test_labels_for_a_regression_are_refused(tasks):
    with pytest.raises(ValueError, match="reads numbers"):
        made(n_out=1).adapt(tasks.support)


def test_rows_of_another_width_are_refused(tasks):
    with pytest.raises(ValueError, match=r"rows of 4 columns; found 3. Make it with n_in=3"):
        made().adapt(Examples(tasks.support.x[..., :3], tasks.support.y))
