"""What several of the classroom's tests begin with."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable


@pytest.fixture
def hospitals_of():
    """Return what makes two hospitals of `n` patients each.

    Column "a" rules in both, and the first hospital seldom measures "b".
    """

    def made(n=60):
        x = torch.randn(2 * n, 2, generator=seeded(0))
        y = (x[:, 0] > 0).long()
        task = torch.arange(2).repeat_interleave(n)
        seldom = (task == 0) & (torch.arange(2 * n) % n >= 3)
        x[:, 1] = x[:, 1].where(~seldom, torch.nan)
        return TaskTable(
            torch.cat([x, seldom.float()[:, None]], 1),
            y,
            task,
            ("a", "b", "b missing"),
            ("one", "two"),
            "ill",
            ("no", "yes"),
        )

    return made
