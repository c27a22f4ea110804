"""A small net for each mode of failure, side by side, that closes columns it does not need.

After each step the first layer shrinks column by column, by a little that is the same for all: a
column that earns nothing fades. So the reasons of a mode are few. Source: Yuan & Lin (2006), the
group lasso, here by a proximal step for each column.
Chapter: book/applications/manufacturing.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn

RULES = 3  # modes that follow from the columns: all but a worn tool


class ModeNets(nn.Module):
    """Log-odds of each mode of failure, each from a net of its own with two hidden layers.

    Args:
        x: rows to learn from; their means and deviations are kept.
        generator: first weights come from it.
    """

    middle: Tensor
    size: Tensor
    constant: Tensor

    def __init__(
        self,
        x: Float[Tensor, "run column"],
        *,
        n_modes: int = RULES,
        width: int = 32,
        generator: Generator,
    ) -> None:
        super().__init__()
        constant = (x == x[0]).all(0)  # such a column is closed, whatever it says later
        self.register_buffer("constant", constant)
        self.register_buffer("middle", x[0].where(constant, x.mean(0)))
        self.register_buffer("size", x.new_ones(()).where(constant, x.std(0)))

        def drawn(rows: int, columns: int, gain: float) -> nn.Parameter:
            first = torch.randn(n_modes, rows, columns, generator=generator)
            return nn.Parameter(first * (gain / rows) ** 0.5)

        self.first, self.second = drawn(x.shape[1], width, 1.0), drawn(width, width, 2.0)
        self.last = drawn(width, 1, 1.0)
        with torch.no_grad():
            self.first[:, constant.cpu()] = 0.0
        self.bends = nn.Parameter(0.5 * torch.randn(n_modes, 1, width, generator=generator))
        self.shifts = nn.Parameter(torch.zeros(n_modes, 1, width))
        self.level = nn.Parameter(torch.zeros(n_modes, 1, 1))

    def forward(self, x: Float[Tensor, "*batch column"]) -> Float[Tensor, "*batch mode"]:
        """Return the log-odds of each mode for each row."""
        rows = ((x - self.middle) / self.size).reshape(-1, x.shape[-1])
        z = torch.relu(rows @ self.first + self.bends)
        z = torch.relu(z @ self.second + self.shifts)
        return (z @ self.last + self.level)[..., 0].mT.reshape(*x.shape[:-1], len(self.level))

    @torch.no_grad()
    def shrink(self, by: float) -> None:
        """Shorten the first weights of each column of each mode by `by`, down to nothing."""
        length = self.first.norm(dim=2, keepdim=True).clamp_min(1e-9)
        self.first.mul_((1 - by / length).clamp_min(0))


@dataclass(frozen=True)
class Lessons:
    """How nets are trained.

    Args:
        failing: the share of each batch that is drawn from failures, which are rare.
        shrink: of columns, at the highest step.
    """

    steps: int = 1500
    rows: int = 512
    failing: float = 0.25
    lr: float = 1e-2
    shrink: float = 3e-3


def train_modes(
    x: Float[Tensor, "run column"],
    modes: Bool[Tensor, "run mode"],
    *,
    lessons: Lessons | None = None,
    generator: Generator,
) -> ModeNets:
    """Train a net for each mode, about three seconds of one core.

    Raises:
        ValueError: if no run failed.
    """
    how, g = lessons or Lessons(), generator
    failed = modes.any(1).nonzero()[:, 0]
    if not len(failed):
        raise ValueError("modes of failure are learned from failures; no run of these failed.")
    nets = ModeNets(x, n_modes=modes.shape[1], generator=g).to(x.device)
    steps = torch.optim.AdamW(nets.parameters(), lr=how.lr, weight_decay=1e-2, fused=True)
    pace = torch.optim.lr_scheduler.OneCycleLR(steps, how.lr, total_steps=how.steps)
    n_failed = round(how.failing * how.rows)
    for _ in range(how.steps):
        any_run = torch.randint(len(x), (how.rows - n_failed,), generator=g)
        which = torch.randint(len(failed), (n_failed,), generator=g)
        rows = torch.cat([any_run.to(failed.device), failed[which.to(failed.device)]])
        loss = F.binary_cross_entropy_with_logits(nets(x[rows]), modes[rows].to(x))
        steps.zero_grad()
        (modes.shape[1] * loss).backward()
        steps.step()
        pace.step()
        nets.shrink(how.shrink * float(pace.get_last_lr()[0]) / how.lr)
    return nets.eval()
