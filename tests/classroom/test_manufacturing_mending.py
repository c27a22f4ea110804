"""A column is suspect if no rule names it and its values are large; closed, it tells nothing."""

import pytest
import torch

from metaxai_lab.classroom import manufacturing_mending as mending
from metaxai_lab.classroom.manufacturing_study import Hall
from metaxai_lab.classroom.mode_nets import ModeNets
from metaxai_lab.core import seeded
from metaxai_lab.tasks.machines import COLUMNS, IDLE, draw_runs, responsible, rules


def test_a_column_is_suspect_if_no_rule_names_it_and_its_values_are_large():
    size = torch.full((10,), 0.2)
    size[COLUMNS.index("torque")] = 15.0  # rules name it
    assert mending.suspect(size) is None
    size[COLUMNS.index("voltage")] = 4.0
    assert mending.suspect(size) == "voltage"


def test_nets_that_are_the_rules_have_no_suspect():
    seen = draw_runs(2000, generator=seeded(0))
    kept = seen.single.nonzero()[:, 0][:5]
    nets = ModeNets(seen.x, generator=seeded(1))
    nets.forward = lambda x: 20 * rules(x).float()
    rule, truth = seen.modes[kept, :3].float().argmax(1), responsible(seen.modes[kept])
    sound = seen.x[~seen.failed][:16]
    size = mending.sizes(Hall(nets, seen, seen, seen.x[kept], rule, truth, sound), 20)
    assert float(size[-len(IDLE) :].max()) == pytest.approx(0.0, abs=1e-4)
    assert float(size[COLUMNS.index("torque")]) > 1.0
    assert mending.suspect(size) is None


def test_a_voltage_read_after_the_stop_tells_of_the_failure_until_it_is_closed():
    seen = draw_runs(2000, generator=seeded(0))
    volts = COLUMNS.index("voltage")
    late, closed = mending.after_the_stop(seen), mending.closing("voltage")(seen)
    moved = late[:, volts] - seen.x[:, volts]
    assert torch.allclose(moved, 9.0 * seen.failed, atol=1e-3)
    assert bool((closed[:, volts] == closed[0, volts]).all())
    others = [i for i in range(len(COLUMNS)) if i != volts]
    assert torch.equal(closed[:, others], seen.x[:, others])
