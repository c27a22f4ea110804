"""Engines are read cycle by cycle, and other content is refused."""

import pytest
import torch

from metaxai_lab.tasks import DamagedFileError, is_here
from metaxai_lab.tasks.engine_tables import COLUMNS, turbofan


@pytest.mark.skipif(not is_here("cmapss"), reason="cmapss is not on this machine")
def test_each_engine_ends_with_no_cycle_left():
    table = turbofan()
    assert len(table.task_names) == 100
    last = table.counts.cumsum(0) - 1
    assert not table.y[last].any()
    assert torch.equal(table.y[last - 3], torch.full((100,), 3.0))
    assert torch.equal(table.x[last, 0].long(), table.counts)
    assert bool((table.x.std(0) > 0).all())


def test_other_content_is_refused(tmp_path):
    line = " ".join(["1"] * len(COLUMNS))
    for name in ("train_FD001.txt", "test_FD001.txt", "RUL_FD001.txt"):
        (tmp_path / name).write_text(f"{line}\n" * 3)
    with pytest.raises(DamagedFileError):
        turbofan(tmp_path)
