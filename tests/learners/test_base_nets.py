"""Small nets answer for many tasks at once, each with weights of its own."""

import jaxtyping
import pytest
import torch
from torch import nn
from torch.func import functional_call

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import AdaptedModel, ConvNet, Mlp
from metaxai_lab.learners.base_nets import AnswersSideBySide, answers, head, stacked

N_TASKS = 3


def made(make):
    with initialised_with(seeded(0)):
        return make()


def own_weights(net, n_tasks=N_TASKS):
    """Return weights that differ from task to task."""
    generator = seeded(1)
    return {
        name: w + 0.3 * torch.randn(n_tasks, *w.shape, generator=generator)
        for name, w in net.state_dict().items()
    }


def one_by_one(net, weights, x):
    return torch.stack(
        [
            functional_call(net, {k: w[t] for k, w in weights.items()}, (x[t],))
            for t in range(len(x))
        ]
    )


def test_an_mlp_worked_by_hand():
    net = Mlp(2, widths=(2,), n_out=1)
    weights = {
        "layers.0.weight": [[1.0, 0.0], [0.0, -1.0]],
        "layers.0.bias": [0.0, 1.0],
        "layers.1.weight": [[2.0, 3.0]],
        "layers.1.bias": [5.0],
    }
    net.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    x = torch.tensor([[4.0, 3.0], [-1.0, 0.5]])  # hidden (4, 0) and (0, 0.5)
    assert net(x).tolist() == [[13.0], [6.5]]


@pytest.mark.parametrize(
    ("make", "n_columns"),
    [(lambda: Mlp(4, (6, 5), 3), 4), (lambda: ConvNet(16, width=4, n_out=3), 256)],
    ids=["Mlp", "ConvNet"],
)
def test_side_by_side_is_the_same_as_one_by_one(make, n_columns):
    net = made(make)
    weights = own_weights(net)
    x = torch.rand(N_TASKS, 7, n_columns, generator=seeded(2))
    together, apart = answers(net, weights, x), one_by_one(net, weights, x)
    torch.testing.assert_close(together, apart, rtol=1e-4, atol=1e-4)


def test_an_mlp_has_the_fast_way_and_a_conv_net_goes_through_vmap():
    assert isinstance(Mlp(4), AnswersSideBySide)
    assert not isinstance(ConvNet(16), AnswersSideBySide)


def test_a_net_takes_stacked_rows_like_flat_ones():
    x = torch.rand(2, 3, 256, generator=seeded(2))
    net = made(lambda: ConvNet(16, width=4))
    torch.testing.assert_close(net(x), net(x.flatten(0, 1)).unflatten(0, (2, 3)))


def test_no_row_of_a_conv_net_leans_on_another():
    x = torch.rand(6, 256, generator=seeded(2))
    net = made(lambda: ConvNet(16, width=4))
    torch.testing.assert_close(net(x[:1]), net(x)[:1], rtol=1e-4, atol=1e-5)


def test_a_batch_normalisation_that_mixes_rows_is_named():
    net = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))
    x = torch.rand(N_TASKS, 5, 4)
    with pytest.raises(ValueError, match=r"1 is a BatchNorm1d .* Use nn.GroupNorm"):
        answers(net, stacked(dict(net.named_parameters()), N_TASKS), x)


def test_a_batch_normalisation_with_settled_statistics_serves():
    net = made(lambda: nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))).eval()
    weights = stacked(dict(net.named_parameters()), N_TASKS)
    x = torch.rand(N_TASKS, 5, 4, generator=seeded(2))
    torch.testing.assert_close(answers(net, weights, x), net(x.flatten(0, 1)).view(3, 5, 4))


def test_dropout_draws_anew_for_each_task():
    net = nn.Sequential(nn.Linear(40, 40), nn.Dropout(0.5))
    weights = stacked(dict(net.named_parameters()), 2)
    with initialised_with(seeded(0)):
        outputs = answers(net, weights, torch.ones(2, 1, 40))
    assert not torch.equal(outputs[0], outputs[1])


def test_the_head_is_the_last_layer_with_weights():
    assert head(Mlp(4, (6, 5), 3)) == ["layers.2.weight", "layers.2.bias"]
    assert head(ConvNet(16)) == ["head.weight", "head.bias"]
    assert head(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1), nn.ReLU())) == [
        "1.weight",
        "1.bias",
    ]


def test_the_model_of_one_task_takes_rows_in_any_stack():
    net = made(lambda: Mlp(4))
    model = AdaptedModel(net, stacked(dict(net.named_parameters()), 1), ())
    x = torch.rand(2, 3, 5, 4, generator=seeded(2))
    torch.testing.assert_close(model(x), net(x))


def test_a_stack_of_stacks_keeps_its_shape():
    net = made(lambda: Mlp(4))
    x = torch.rand(2, 3, 5, 4, generator=seeded(2))
    weights = own_weights(net, 6)
    outputs = AdaptedModel(net, weights, (2, 3))(x)
    torch.testing.assert_close(outputs[1, 2], one_by_one(net, weights, x.flatten(0, 1))[5])


def test_rows_stacked_in_another_way_than_the_tasks_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    net = Mlp(4)
    model = AdaptedModel(net, stacked(dict(net.named_parameters()), 6), (2, 3))
    with pytest.raises(ValueError, match=r"stack of tasks \(2, 3\); x is stacked as \(6,\)"):
        model(torch.rand(6, 5, 4))
