"""Machines fail by the published rules, and by nothing else."""

from math import pi

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.machines import COLUMNS, MODES, draw_runs, responsible, rules


@pytest.fixture(scope="module")
def runs():
    return draw_runs(20_000, generator=seeded(0))


def row(**changed):
    usual = {"air": 300.0, "process": 310.0, "rpm": 1500.0, "torque": 40.0, "wear": 100.0}
    usual |= {"grade": 0.0, "coolant": 290.0, "vibration": 2.0, "voltage": 400.0, "humidity": 45.0}
    return torch.tensor([(usual | changed)[name] for name in COLUMNS])


@pytest.mark.parametrize(
    ("changed", "which"),
    [
        ({}, [False, False, False]),
        ({"process": 308.5, "rpm": 1379.0}, [True, False, False]),
        ({"process": 308.7, "rpm": 1379.0}, [False, False, False]),
        ({"process": 308.5, "rpm": 1381.0}, [False, False, False]),
        ({"torque": 9001 * 60 / (2 * pi * 1500)}, [False, True, False]),
        ({"torque": 3499 * 60 / (2 * pi * 1500)}, [False, True, False]),
        ({"wear": 220.0, "torque": 50.1}, [False, False, True]),
        ({"wear": 220.0, "torque": 50.1, "grade": 1.0}, [False, False, False]),
        ({"wear": 221.0, "torque": 55.0, "grade": 1.0}, [False, False, True]),
        ({"wear": 221.0, "torque": 55.0, "grade": 2.0}, [False, False, False]),
    ],
)
def test_a_rule_holds_just_beyond_its_threshold_and_not_just_before(changed, which):
    assert rules(row(**changed)).tolist() == which


def test_the_modes_of_drawn_runs_are_the_rules(runs):
    assert torch.equal(runs.modes[:, :3], rules(runs.x))


def test_columns_have_the_published_means_and_deviations(runs):
    mean, deviation = runs.x.mean(0), runs.x.std(0)
    at = {name: i for i, name in enumerate(COLUMNS)}
    assert abs(float(mean[at["air"]]) - 300) < 0.01
    assert abs(float(mean[at["process"]] - mean[at["air"]]) - 10) < 0.01
    assert abs(float(deviation[at["air"]]) - 2) < 0.01
    assert abs(float(mean[at["torque"]]) - 40) < 0.5
    assert abs(float(deviation[at["torque"]]) - 10) < 0.3
    assert abs(float(mean[at["rpm"]]) - 1539) < 15  # of the published file


def test_a_worn_tool_fails_within_its_range_only_and_not_every_time(runs):
    wear = runs.x[:, COLUMNS.index("wear")]
    worn = runs.modes[:, MODES.index("TWF")]
    assert float(wear[worn].min()) > 190
    assert float(wear.max()) < 240
    late = wear > 195
    assert 0.01 < float(worn[late].float().mean()) < 0.5


def test_failures_are_about_as_frequent_as_in_the_file(runs):
    assert 0.02 < float(runs.failed.float().mean()) < 0.05


def test_the_responsible_columns_are_those_of_all_modes_of_a_run():
    both = torch.tensor([[True, True, False, False], [False, False, False, False]])
    marked = responsible(both)
    names = [name for name, yes in zip(COLUMNS, marked[0].tolist(), strict=True) if yes]
    assert names == ["air", "process", "rpm", "torque"]
    assert not marked[1].any()


def test_single_failures_have_one_rule_and_no_worn_tool(runs):
    assert (runs.modes[runs.single][:, :3].sum(1) == 1).all()
    assert not runs.modes[runs.single][:, 3].any()
    assert runs.single.any()


def test_sensors_that_decide_nothing_change_no_rule(runs):
    other = runs.x.clone()
    other[:, 6:] = 0.0
    assert torch.equal(rules(other), rules(runs.x))


def test_the_same_seed_draws_the_same_runs():
    one, two = (draw_runs(500, generator=seeded(3)) for _ in range(2))
    assert torch.equal(one.x, two.x)
    assert torch.equal(one.modes, two.modes)


@pytest.mark.parametrize("n_runs", [0, 499, 501])
def test_runs_come_machine_by_machine(n_runs):
    with pytest.raises(ValueError, match="500 to a machine"):
        draw_runs(n_runs, generator=seeded(0))
