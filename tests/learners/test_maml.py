"""A start from which a few gradient steps go far; its gradient is judged by a plain loop."""

import copy

import jaxtyping
import pytest
import torch
import torch.nn.functional as F
import torchopt
from torch import nn
from torch.func import functional_call

from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import ConvNet, DivergedError, Maml, Mlp, meta_train, task_loss

N_TASKS, INNER_LR, STEPS = 4, 0.1, 3


def made(make, dtype=torch.float32):
    with initialised_with(seeded(0)):
        return make().to(dtype)


def classes(n_columns=5, n_way=3, dtype=torch.float32):
    """Return a stack of classification tasks with labels and rows that differ from task to task."""
    generator = seeded(1)
    x = torch.randn(N_TASKS, 14, n_columns, generator=generator).to(dtype)
    y = torch.randint(n_way, (N_TASKS, 14), generator=generator)
    return Episode(Examples(x[:, :6], y[:, :6]), Examples(x[:, 6:], y[:, 6:]))


def targets():
    episode, generator = classes(), seeded(2)
    parts = (episode.support, episode.query)
    drawn = [Examples(p.x, torch.randn(p.y.shape, generator=generator)) for p in parts]
    return Episode(*drawn)


def plain_loss(outputs, y):
    return F.mse_loss(outputs[:, 0], y) if y.is_floating_point() else F.cross_entropy(outputs, y)


def plain_loop(net, episode, *, order, moves):
    """Adapt to one task after another with torch.autograd alone; return the mean query loss."""
    start = dict(net.named_parameters())
    names = list(start)[-2:] if moves == "head" else list(start)
    losses = []
    for task in range(N_TASKS):
        support, query = episode.task(task).support, episode.task(task).query
        weights = dict(start)
        for _ in range(STEPS):
            loss = plain_loss(functional_call(net, weights, (support.x,)), support.y)
            held = [weights[name] for name in names]
            grads = torch.autograd.grad(loss, held, create_graph=order == "second")
            moved = [w - INNER_LR * g for w, g in zip(held, grads, strict=True)]
            weights = weights | dict(zip(names, moved, strict=True))
        losses.append(plain_loss(functional_call(net, weights, (query.x,)), query.y))
    return torch.stack(losses).mean()


def meta_gradient(loss, net):
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(net.parameters()))])


def learner_of(net, **settings):
    return Maml(net, inner_lr=INNER_LR, inner_steps=STEPS, **settings)


def same_direction(one, other):
    assert torch.cosine_similarity(one, other, 0) > 0.99999
    torch.testing.assert_close(one.norm(), other.norm(), rtol=1e-4, atol=0)


# The gradient of the outer loop


@pytest.mark.parametrize("moves", ["all", "head"])
@pytest.mark.parametrize("order", ["second", "first"])
@pytest.mark.parametrize("draw", [classes, targets])
def test_the_meta_gradient_is_that_of_a_plain_loop(draw, order, moves):
    net, episode = made(lambda: Mlp(5, n_out=3)), draw()
    ours = task_loss(learner_of(net, order=order, moves=moves), episode)
    theirs = plain_loop(net, episode, order=order, moves=moves)
    torch.testing.assert_close(ours, theirs)
    same_direction(meta_gradient(ours, net), meta_gradient(theirs, net))


@pytest.mark.parametrize("order", ["second", "first"])
def test_a_conv_net_gets_the_meta_gradient_of_a_plain_loop(order):
    net, episode = made(lambda: ConvNet(16, width=4, n_out=3)), classes(n_columns=256)
    ours = task_loss(learner_of(net, order=order), episode)
    theirs = plain_loop(net, episode, order=order, moves="all")
    same_direction(meta_gradient(ours, net), meta_gradient(theirs, net))


NORMS = {
    "LayerNorm": lambda: nn.LayerNorm(6),
    "GroupNorm": lambda: nn.GroupNorm(2, 6),
    "InstanceNorm": lambda: nn.Sequential(
        nn.Unflatten(-1, (2, 3)), nn.InstanceNorm1d(2, affine=True), nn.Flatten(-2)
    ),
}


@pytest.mark.parametrize("name", NORMS)
def test_a_normalised_net_gets_the_meta_gradient_of_a_plain_loop(name):
    def make():
        return nn.Sequential(nn.Linear(5, 6), NORMS[name](), nn.Tanh(), nn.Linear(6, 3))

    net, episode = made(make, torch.float64), classes(dtype=torch.float64)
    ours = meta_gradient(task_loss(learner_of(net), episode), net)
    theirs = meta_gradient(plain_loop(net, episode, order="second", moves="all"), net)
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)


def test_the_meta_gradient_is_that_of_torchopt():
    net, episode = made(lambda: Mlp(5, n_out=3)), classes()
    ours = meta_gradient(task_loss(learner_of(net), episode), net)
    theirs = copy.deepcopy(net)
    inner = torchopt.MetaSGD(theirs, lr=INNER_LR)
    start = [torchopt.extract_state_dict(part, by="reference") for part in (theirs, inner)]
    weights = list(theirs.parameters())
    total = torch.zeros(())
    for task in range(N_TASKS):
        support, query = episode.task(task).support, episode.task(task).query
        for _ in range(STEPS):
            inner.step(F.cross_entropy(theirs(support.x), support.y))
        total = total + F.cross_entropy(theirs(query.x), query.y) / N_TASKS
        for part, state in zip((theirs, inner), start, strict=True):
            torchopt.recover_state_dict(part, state)
    same_direction(ours, torch.cat([g.flatten() for g in torch.autograd.grad(total, weights)]))


def test_the_first_order_gradient_is_the_plain_one_at_the_adapted_weights():
    net, episode = made(lambda: Mlp(5, n_out=3)), classes().task(0)
    ours = meta_gradient(task_loss(learner_of(net, order="first"), episode), net)
    model = learner_of(net).adapt(episode.support)
    there = copy.deepcopy(net)
    there.load_state_dict({name: w[0] for name, w in model.weights.items()})
    plain = F.cross_entropy(there(episode.query.x), episode.query.y)
    torch.testing.assert_close(ours, meta_gradient(plain, there))


def test_first_order_leaves_something_out():
    net, episode = made(lambda: Mlp(5, n_out=3)), classes()
    second, first = (
        meta_gradient(task_loss(learner_of(net, order=order), episode), net)
        for order in ("second", "first")
    )
    assert torch.cosine_similarity(second, first, 0) < 0.999


@pytest.mark.parametrize("check", [torch.autograd.gradcheck, torch.autograd.gradgradcheck])
def test_finite_differences_agree_in_float64(check):
    net = made(lambda: Mlp(3, (3,), 2), torch.float64)
    episode = classes(n_columns=3, n_way=2, dtype=torch.float64)
    names, start = zip(*net.named_parameters(), strict=True)

    class Loss(nn.Module):
        def __init__(self):
            super().__init__()
            self.learner = learner_of(net)

        def forward(self):
            return task_loss(self.learner, episode)

    whole = Loss()

    def loss_at(*weights):
        there = {f"learner.net.{n}": w for n, w in zip(names, weights, strict=True)}
        return functional_call(whole, there, ())

    assert check(loss_at, tuple(w.detach().requires_grad_() for w in start))


# Adapting


def test_it_is_a_meta_learner():
    assert isinstance(Maml(Mlp(2)), MetaLearner)


@pytest.mark.parametrize("moves", ["all", "head"])
def test_stacked_tasks_are_adapted_to_as_one_by_one(moves):
    learner, episode = learner_of(made(lambda: Mlp(5, n_out=3)), moves=moves), classes()
    stacked = learner.adapt(episode.support)(episode.query.x)
    for task in range(N_TASKS):
        alone = learner.adapt(episode.task(task).support)(episode.query.x[task])
        torch.testing.assert_close(stacked[task], alone)


def test_more_steps_fit_the_support_rows_better():
    learner, support = learner_of(made(lambda: Mlp(5, n_out=3))), classes().support
    losses = [
        plain_loss(
            learner.adapt(support, steps=steps)(support.x).flatten(0, 1), support.y.flatten()
        )
        for steps in (0, 1, 5, 25)
    ]
    assert losses == sorted(losses, reverse=True)


def test_no_steps_leave_the_start():
    net, episode = made(lambda: Mlp(5, n_out=3)), classes()
    assert torch.allclose(
        learner_of(net).adapt(episode.support, 0)(episode.query.x), net(episode.query.x)
    )


def test_the_head_alone_moves_in_anil():
    net = made(lambda: Mlp(5, n_out=3))
    weights = learner_of(net, moves="head").adapt(classes().support).weights
    moved = {name for name, w in net.named_parameters() if not torch.equal(weights[name][0], w)}
    assert moved == {"layers.2.weight", "layers.2.bias"}


# Training


def test_trained_it_begins_where_one_step_goes_far():
    """Tasks are lines y = a x with a slope of their own: a good start fits one in a step."""

    def draw(generator):
        slope = torch.randn(16, 1, generator=generator)
        x = torch.randn(16, 20, 1, generator=generator)
        y = slope * x[..., 0]
        return Episode(Examples(x[:, :10], y[:, :10]), Examples(x[:, 10:], y[:, 10:]))

    generator = seeded(0)
    learner = Maml(made(lambda: Mlp(1, (20,))), inner_lr=0.1, inner_steps=1)
    test = draw(seeded(9))
    with torch.no_grad():
        before = task_loss(learner, test)
    settings = {"steps": 200, "outer_lr": 0.02, "generator": generator, "progress": False}
    meta_train(learner, draw, task_loss, device="cpu", **settings)
    with torch.no_grad():
        assert task_loss(learner, test) < 0.3 * before


def test_a_diverging_inner_loop_leaves_the_learner_as_it_was():
    learner = Maml(made(lambda: Mlp(5)), inner_lr=1e30)
    before = copy.deepcopy(learner.state_dict())
    with pytest.raises(DivergedError, match=r"Lower inner_lr \(1e\+30\)"):
        learner.adapt(targets().support)
    assert all(torch.equal(before[name], w) for name, w in learner.state_dict().items())


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"inner_lr": 0.0}, "inner_lr is positive and finite; found 0.0"),
        ({"inner_steps": -1}, "inner_steps counts steps and is 0 or more; found -1"),
        ({"order": "third"}, "order is 'second' or 'first'; found 'third'"),
        ({"moves": "tail"}, "moves is 'all' or 'head'; found 'tail'"),
    ],
)
def test_settings_out_of_range_are_refused(settings, complaint, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=complaint):
        Maml(Mlp(2), **settings)
