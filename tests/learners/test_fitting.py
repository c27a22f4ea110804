"""Adam over stacked weights is one Adam for each task."""

import copy
import math

import pytest
import torch
import torch.nn.functional as F
from torch.optim import AdamW

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners import DivergedError, Knobs, Mlp
from metaxai_lab.learners.base_nets import stacked
from metaxai_lab.learners.fitting import fitted

KNOBS = Knobs(inner_lr=0.05, inner_steps=7, weight_decay=0.3)


def net_and_rows(n_tasks=3):
    with initialised_with(seeded(0)):
        net = Mlp(4, (6,), 3)
    x = torch.randn(n_tasks, 8, 4, generator=seeded(1))
    y = torch.randint(3, (n_tasks, 8), generator=seeded(2))
    return net, Examples(x, y)


def fit(net, rows, stops, knobs=KNOBS):
    n_tasks = rows.y.shape[:-1].numel()
    return fitted(net, stacked(dict(net.named_parameters()), n_tasks), rows, knobs, stops)


def test_stacked_adam_is_torchs_adamw_on_each_task():
    net, rows = net_and_rows()
    (model,) = fit(net, rows, [7])
    for task in range(3):
        alone = copy.deepcopy(net)
        adam = AdamW(alone.parameters(), lr=0.05, weight_decay=0.3)
        for _ in range(7):
            adam.zero_grad()
            F.cross_entropy(alone(rows.x[task]), rows.y[task]).backward()
            adam.step()
        torch.testing.assert_close(model(rows.x)[task], alone(rows.x[task]), rtol=1e-4, atol=1e-5)


def test_models_on_the_way_are_those_of_shorter_ways():
    net, rows = net_and_rows()
    on_the_way = fit(net, rows, [0, 2, 7, 2])
    for stop, model in zip([0, 2, 7, 2], on_the_way, strict=True):
        assert torch.equal(model(rows.x), fit(net, rows, [stop])[0](rows.x))


def test_no_steps_leave_the_start():
    net, rows = net_and_rows()
    torch.testing.assert_close(fit(net, rows, [0])[0](rows.x), net(rows.x))


def test_the_start_is_left_as_it_was():
    net, rows = net_and_rows()
    before = copy.deepcopy(net.state_dict())
    fit(net, rows, [3])
    assert all(torch.equal(before[name], w) for name, w in net.state_dict().items())


def test_it_fits_where_gradients_are_off():
    net, rows = net_and_rows()
    wanted = fit(net, rows, [3])[0](rows.x)
    with torch.inference_mode():
        model = fit(net, Examples(rows.x.clone(), rows.y.clone()), [3])[0]
        assert torch.equal(model(rows.x), wanted)


def test_what_diverges_is_named():
    net, rows = net_and_rows()
    rows = Examples(rows.x, torch.full(rows.y.shape, math.inf))
    with pytest.raises(DivergedError, match=r"after 0 of 2 steps, in 3 of 3 tasks .* inner_lr"):
        fit(net, rows, [2])


def test_a_label_that_is_no_class_is_named():
    net, rows = net_and_rows()
    with pytest.raises(ValueError, match="knows the classes 0 to 2"):
        fit(net, Examples(rows.x, rows.y + 1), [2])


@pytest.mark.parametrize(
    ("knobs", "complaint"),
    [
        ({"inner_lr": 0.0}, "inner_lr is positive"),
        ({"inner_steps": -1}, "inner_steps counts"),
        ({"weight_decay": -0.1}, "weight_decay is 0 or more; found -0.1"),
    ],
)
def test_knobs_out_of_range_are_refused(knobs, complaint):
    with pytest.raises(ValueError, match=complaint):
        Knobs(**knobs)


def test_fewer_than_no_steps_are_refused():
    net, rows = net_and_rows()
    with pytest.raises(ValueError, match="0 steps or more; found -2"):
        fit(net, rows, [3, -2])
