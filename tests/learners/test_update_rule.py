"""How to step is learned, too: a rate for each weight, or a small network for all of them."""

import copy
import math

import jaxtyping
import pytest
import torch
from torch import nn
from torch.func import functional_call

from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import DivergedError, Maml, Mlp, UpdateRule, meta_train, task_loss
from metaxai_lab.learners.update_rule import on_log_scale, usual_size

KINDS = ["step sizes", "network"]
every_kind = pytest.mark.parametrize("kind", KINDS)


def made(make):
    with initialised_with(seeded(0)):
        return make()


def learner_of(kind, **settings):
    learner = made(lambda: UpdateRule(Mlp(5, (8,)), kind, **settings))
    if kind == "network":  # as training would leave it: the last layer says something
        with torch.no_grad():
            learner.rule.say.weight.copy_(torch.randn(1, 16, generator=seeded(3)))
    return learner


def some_tasks(n_tasks=4):
    generator = seeded(1)
    x = torch.randn(n_tasks, 14, 5, generator=generator)
    y = torch.randn(n_tasks, 14, generator=generator)
    return Episode(Examples(x[:, :6], y[:, :6]), Examples(x[:, 6:], y[:, 6:]))


def gradients(learner, episode):
    loss = task_loss(learner, episode)
    return dict(
        zip(
            dict(learner.named_parameters()),
            torch.autograd.grad(loss, list(learner.parameters())),
            strict=True,
        )
    )


# Step sizes


def test_equal_step_sizes_are_maml():
    learner, episode = learner_of("step sizes", inner_lr=0.1), some_tasks()
    maml = Maml(learner.net, inner_lr=0.1)
    torch.testing.assert_close(task_loss(learner, episode), task_loss(maml, episode))
    ours, theirs = gradients(learner, episode), gradients(maml, episode)
    for name, gradient in theirs.items():
        torch.testing.assert_close(ours[name], gradient)


def test_two_step_sizes_worked_by_hand():
    """Loss (w + b - 3)^2 has the gradient -6 for both: rates 1/4 and -1/2 give 1.5 and -3."""
    net = nn.Linear(1, 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    learner = UpdateRule(net, inner_steps=1)
    for rate, value in zip(learner.rule.rates, (0.25, -0.5), strict=True):
        nn.init.constant_(rate, value)
    weights = learner.adapt(Examples(torch.ones(1, 1), torch.tensor([3.0]))).weights
    assert (weights["weight"].item(), weights["bias"].item()) == (1.5, -3.0)


def test_the_gradient_of_a_step_size_is_that_of_a_plain_loop():
    learner, episode = learner_of("step sizes", inner_lr=0.1, inner_steps=3), some_tasks()
    start = dict(learner.net.named_parameters())
    losses = []
    for task in range(4):
        one, weights = episode.task(task), start
        for _ in range(3):
            outputs = functional_call(learner.net, weights, (one.support.x,))
            loss = (outputs[:, 0] - one.support.y).square().mean()
            grads = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
            steps = zip(weights.items(), learner.rule.rates, grads, strict=True)
            weights = {name: w - rate * g for (name, w), rate, g in steps}
        outputs = functional_call(learner.net, weights, (one.query.x,))
        losses.append((outputs[:, 0] - one.query.y).square().mean())
    theirs = torch.autograd.grad(torch.stack(losses).mean(), list(learner.rule.rates))
    ours = gradients(learner, episode)
    for i, gradient in enumerate(theirs):
        torch.testing.assert_close(ours[f"rule.rates.{i}"], gradient, rtol=1e-4, atol=1e-6)


# The network


def test_before_training_the_network_steps_down_the_gradient():
    learner = made(lambda: UpdateRule(Mlp(5, (8,)), "network", inner_lr=0.01))
    support = some_tasks().support
    losses = [
        (learner.adapt(support, steps=n)(support.x)[..., 0] - support.y).square().mean().item()
        for n in (0, 1, 5)
    ]
    assert losses == sorted(losses, reverse=True)


def test_a_move_of_the_network_is_bounded_whatever_the_gradient():
    learner = learner_of("network", inner_lr=0.01, inner_steps=1)
    support = some_tasks().support
    steep = Examples(support.x, 1e6 * support.y)
    weights = learner.adapt(steep).weights
    moves = [(w - dict(learner.net.named_parameters())[k]).abs().max() for k, w in weights.items()]
    assert 0.009 < max(moves) <= 0.01 + 1e-6


def test_the_first_move_of_the_network_worked_by_hand():
    """Gradients -6 and -6 have the usual size 6 in each layer: a move of 0.5 tanh(1) upwards."""
    net = nn.Linear(1, 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    learner = UpdateRule(net, "network", inner_lr=0.5, inner_steps=1)
    weights = learner.adapt(Examples(torch.ones(1, 1), torch.tensor([3.0]))).weights
    assert [w.item() for w in weights.values()] == pytest.approx([0.5 * math.tanh(1)] * 2)


def test_the_network_sees_the_share_of_the_steps_made():
    learner = learner_of("network")
    weight, gradient = torch.ones(1, 3), torch.tensor([[1.0, 2.0, -1.0]])
    early, late = (learner.rule.direction(weight, gradient, share) for share in (0.0, 0.8))
    assert not torch.allclose(early, late)


def test_gradients_on_a_log_scale_by_hand():
    size, sign = on_log_scale(torch.tensor([math.e**-5, -1.0, math.e**-11, 0.0]))
    torch.testing.assert_close(size, torch.tensor([-0.5, 0.0, -1.0, -1.0]))
    torch.testing.assert_close(sign, torch.tensor([1.0, -1.0, math.e**-1, 0.0]))


def test_the_usual_size_is_a_root_mean_square_of_each_task_by_hand():
    gradient = torch.tensor([[[3.0, 4.0]], [[0.0, 2.0]]])
    torch.testing.assert_close(usual_size(gradient).flatten(), torch.tensor([12.5, 2.0]).sqrt())


# Both


@every_kind
def test_it_is_a_meta_learner(kind):
    assert isinstance(learner_of(kind), MetaLearner)


@every_kind
def test_stacked_tasks_are_adapted_to_as_one_by_one(kind):
    learner, episode = learner_of(kind), some_tasks()
    stacked = learner.adapt(episode.support)(episode.query.x)
    for task in range(4):
        alone = learner.adapt(episode.task(task).support)(episode.query.x[task])
        torch.testing.assert_close(stacked[task], alone)


@every_kind
def test_the_outer_loss_reaches_every_weight_of_start_and_rule(kind):
    found = gradients(learner_of(kind), some_tasks())
    assert all(gradient.abs().max() > 0 for gradient in found.values())


@every_kind
def test_without_gradients_it_adapts_to_the_same_constants(kind):
    learner, episode = learner_of(kind), some_tasks()
    wanted = learner.adapt(episode.support)(episode.query.x)
    with torch.no_grad():
        model = learner.adapt(episode.support)
    torch.testing.assert_close(model(episode.query.x), wanted)
    assert not any(w.requires_grad for w in model.weights.values())


@pytest.mark.parametrize(("kind", "share"), [("step sizes", 0.5), ("network", 0.8)])
def test_trained_its_steps_go_further_than_mamls(kind, share):
    """Targets lean on column 0 alone. Rates can say so; the network does not know the column."""

    def draw(generator):
        x = torch.randn(32, 20, 5, generator=generator)
        y = torch.randn(32, 1, generator=generator) * x[..., 0]
        return Episode(Examples(x[:, :6], y[:, :6]), Examples(x[:, 6:], y[:, 6:]))

    def loss_after_training(learner):
        settings = {"steps": 150, "outer_lr": 0.02, "generator": seeded(5), "progress": False}
        meta_train(learner, draw, task_loss, device="cpu", **settings)
        with torch.no_grad():
            return task_loss(learner, draw(seeded(9))).item()

    net = made(lambda: nn.Linear(5, 1))
    maml = loss_after_training(Maml(copy.deepcopy(net), inner_lr=0.05, inner_steps=3))
    rule = made(lambda: UpdateRule(net, kind, inner_lr=0.05, inner_steps=3))
    assert loss_after_training(rule) < share * maml


def test_divergence_says_what_to_do_and_leaves_the_learner():
    learner = learner_of("step sizes", inner_lr=1e30)
    before = copy.deepcopy(learner.state_dict())
    with pytest.raises(DivergedError, match="Begin with a lower inner_lr"):
        learner.adapt(some_tasks().support)
    assert all(torch.equal(before[name], w) for name, w in learner.state_dict().items())


def test_an_unknown_kind_is_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="kind is 'step sizes' or 'network'; found 'lstm'"):
        UpdateRule(Mlp(2), "lstm")


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="inner_steps counts steps"):
        UpdateRule(Mlp(2), inner_steps=-1)
