"""One step: what may be asked for, and the share of the rate."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import seeded
from metaxai_lab.learners import DivergedError
from metaxai_lab.learners.processes import muster
from metaxai_lab.learners.stepping import Settings, constant, one_cycle, pick_precision, set_up

CPU = torch.device("cpu")
ALONE = muster(CPU, "32-true")


def asked(**changed):
    usual = {
        "learner": "Linear",
        "steps": 3,
        "outer_lr": 0.1,
        "schedule": "constant",
        "weight_decay": 0.0,
        "clip": None,
        "precision": "32-true",
    }
    return Settings(**{**usual, **changed})


@pytest.fixture
def weight():
    """A learner of one weight, at 2."""
    line = nn.Linear(1, 1, bias=False)
    nn.init.constant_(line.weight, 2.0)
    return line


@pytest.mark.parametrize("steps", [1, 4, 10, 37])
def test_one_cycle_is_torchs_one_cycle(steps):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    peer = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 1.0, total_steps=steps, cycle_momentum=False
    )
    for step in range(steps):
        assert one_cycle(step, steps) == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-9)
        optimizer.step()
        peer.step()


def test_one_cycle_begins_at_a_25th_peaks_at_1_and_ends_at_nothing():
    rates = [one_cycle(step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(1 / 25)
    assert rates.index(max(rates)) == 29
    assert rates[29] == pytest.approx(1)
    assert rates[-1] == pytest.approx(0, abs=1e-5)


def test_a_constant_rate_stays():
    assert {constant(step, 10) for step in range(10)} == {1.0}


def test_the_first_step_of_adam_moves_a_weight_by_the_rate_against_the_slope(weight):
    _, make_step = set_up(weight, asked(), seeded(0), ALONE)
    assert make_step(0, lambda: weight.weight.square().sum()) == 4.0
    assert weight.weight.item() == pytest.approx(2 - 0.1, abs=1e-6)


def test_the_schedule_sets_the_rate_of_each_step(weight):
    _, make_step = set_up(
        weight, asked(schedule="one-cycle", steps=100), seeded(0), muster(CPU, "32-true")
    )
    make_step(0, lambda: weight.weight.square().sum())
    assert weight.weight.item() == pytest.approx(2 - 0.1 / 25, abs=1e-6)


def test_weight_decay_shrinks_a_weight_that_the_loss_does_not_move(weight):
    _, make_step = set_up(weight, asked(weight_decay=0.5), seeded(0), ALONE)
    make_step(0, lambda: 0 * weight.weight.sum())
    assert weight.weight.item() == pytest.approx(2 * (1 - 0.1 * 0.5))


def test_clip_is_the_largest_norm_of_the_gradient(weight):
    _, make_step = set_up(weight, asked(clip=0.25), seeded(0), ALONE)
    make_step(0, lambda: weight.weight.square().sum())
    assert weight.weight.grad.norm().item() == pytest.approx(0.25, abs=1e-5)


def test_without_clip_the_gradient_stays(weight):
    _, make_step = set_up(weight, asked(), seeded(0), ALONE)
    make_step(0, lambda: weight.weight.square().sum())
    assert weight.weight.grad.item() == 4.0


def test_gradients_of_two_steps_do_not_add_up(weight):
    _, make_step = set_up(weight, asked(), seeded(0), ALONE)
    make_step(0, lambda: weight.weight.sum())
    make_step(1, lambda: weight.weight.sum())
    assert weight.weight.grad.item() == 1.0


def test_a_step_that_is_not_finite_leaves_the_weight(weight):
    _, make_step = set_up(weight, asked(), seeded(0), ALONE)
    with pytest.raises(DivergedError, match=r"the loss of step 3 of 3 is inf"):
        make_step(2, lambda: weight.weight.sum() * float("inf"))
    assert weight.weight.item() == 2.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"steps": 0}, "steps is at least 1; found 0"),
        ({"outer_lr": 0.0}, "outer_lr is positive; found 0.0"),
        ({"outer_lr": float("nan")}, "outer_lr is positive; found nan"),
        ({"outer_lr": float("inf")}, "outer_lr is positive; found inf"),
        ({"weight_decay": -1.0}, "weight_decay is 0 or more; found -1.0"),
        ({"clip": 0.0}, "clip is positive, or None for no limit; found 0.0"),
        ({"schedule": "cosine"}, "schedule is 'one-cycle' or 'constant'; found 'cosine'"),
    ],
)
def test_a_setting_out_of_range_is_named(changed, said):
    with pytest.raises(ValueError, match=said):
        asked(**changed)


def test_a_precision_that_is_none_is_refused():
    known = "'32-true' or 'bf16-mixed' or 'auto'"
    with pytest.raises(ValueError, match=f"precision is {known}; found '16-mixed'"):
        pick_precision("16-mixed", CPU)


@pytest.mark.parametrize("wanted", ["32-true", "bf16-mixed"])
def test_a_precision_asked_for_by_name_is_had(wanted):
    assert pick_precision(wanted, CPU) == wanted


@pytest.mark.parametrize(
    ("device", "made_for_it", "picked"),
    [("cpu", True, "32-true"), ("cuda", False, "32-true"), ("cuda", True, "bf16-mixed")],
)
def test_auto_is_bfloat16_on_a_gpu_made_for_it_and_32_bits_elsewhere(
    device, made_for_it, picked, monkeypatch
):
    def supported(*, including_emulation):
        return made_for_it or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert pick_precision("auto", torch.device(device)) == picked


def test_a_learner_with_nothing_to_train_is_refused(weight):
    weight.requires_grad_(False)
    with pytest.raises(ValueError, match="Linear needs a weight with requires_grad=True"):
        set_up(weight, asked(), seeded(0), ALONE)
