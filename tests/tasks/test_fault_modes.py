"""Made modes of failure are decided by two sensors each, and share their directions."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.fault_modes import HARM, PAIRS, SENSORS, fault_modes, readings
from metaxai_lab.tasks.machines import draw_runs


@pytest.fixture(scope="module")
def table():
    return fault_modes(generator=seeded(0))


def slopes(table):
    """Return the slope of the class in each standardised sensor, mode by mode, by least squares."""
    found = []
    for task in range(len(table.task_names)):
        rows = table.task == task
        x, y = table.x[rows].double(), table.y[rows].double()
        found.append(torch.linalg.lstsq(x - x.mean(0), y - y.mean()).solution)
    return torch.stack(found)


def test_half_of_the_rows_of_each_mode_failed(table):
    shares = [float(table.y[table.task == t].float().mean()) for t in range(len(table.task_names))]
    assert set(shares) == {0.5}


def test_each_mode_is_decided_by_the_two_sensors_in_its_name(table):
    for name, marked in zip(table.task_names, table.responsible, strict=True):
        told = [sensor for sensor, yes in zip(SENSORS, marked.tolist(), strict=True) if yes]
        assert name.rpartition(",")[0] == " and ".join(told)


def test_a_line_through_many_rows_leans_on_the_deciding_sensors(table):
    strong = slopes(table).abs() * table.x.std(0)
    deciding = (strong * table.responsible).sum(1) / strong.sum(1)
    assert float(deciding.mean()) > 0.5  # 2 of 9 sensors; even shares would give 0.22


def test_sensors_mostly_do_harm_in_their_usual_direction():
    table = fault_modes(usual=1.0, generator=seeded(1))
    harm = torch.tensor([HARM.get(name, 0.0) for name in SENSORS])
    agree = (slopes(table) * harm)[table.responsible] > 0
    assert float(agree.float().mean()) > 0.95


def test_without_sharing_other_sensors_decide_too():
    table = fault_modes(sharing=False, generator=seeded(2))
    idle = torch.tensor([name not in HARM for name in SENSORS])
    assert table.responsible[:, idle].any()
    assert len(table.task_names) == 3 * len(PAIRS)


def test_readings_are_standardised_and_take_logarithms_where_products_count():
    x = draw_runs(1000, generator=seeded(3)).x
    z = readings(x)
    assert torch.allclose(z.mean(0), torch.zeros(9), atol=1e-3)
    assert torch.allclose(z.std(0), torch.ones(9), atol=1e-3)
    log = x[:, 3].log()
    assert torch.allclose(z[:, SENSORS.index("torque")], (log - log.mean()) / log.std(), atol=1e-4)


def test_the_same_seed_draws_the_same_modes(table):
    assert torch.equal(table.x, fault_modes(generator=seeded(0)).x)
