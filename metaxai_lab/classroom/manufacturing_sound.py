"""A new mode from a few failures and a long log of sound runs, which every engineer has.

A line weighs failures and sound runs half and half, whatever their numbers. It begins at nothing
(own), or at the mean line of the modes of other sensor pairs (shared). Its penalty is the best on
those other modes. Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.left_out import SIZES
from metaxai_lab.core import seeded
from metaxai_lab.tasks.fault_modes import fault_modes

OWN, SHARED = "own", "begun at other modes"
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)
N_EACH = 3  # modes of a pair of sensors
N_FAILED = 1500  # failures of each mode, and as many sound runs; the last third judges
N_KNOWN = 1000
N_DRAWS = 20  # of failures that are known, from each mode


@dataclass(frozen=True)
class Warned:
    """Mean squared errors, and how often both sensors lead, by who learned.

    Args:
        errors: of failures and sound runs, half and half.
        named: the share of draws in which the two sensors have the largest weights.
    """

    errors: Mapping[str, Float[Tensor, "size mode"]]
    named: Mapping[str, Float[Tensor, "size mode"]]


def with_sound_log(seed: int) -> Warned:
    """Judge both lines on the made modes of `seed`, with some failures and 1,000 sound runs."""
    table = fault_modes(n_each=N_EACH, n_rows=2 * N_FAILED, generator=seeded(seed))
    assert table.responsible is not None
    x = table.x.view(len(table.task_names), 2, N_FAILED, -1)
    full = _line(x[:, 0, None, :N_KNOWN], x[:, 1, :N_KNOWN], torch.zeros(()), torch.ones(1) * 0.1)
    errors: dict[str, list[Tensor]] = {OWN: [], SHARED: []}
    shares: dict[str, list[Tensor]] = {OWN: [], SHARED: []}
    others = _others(len(x))
    begin = others @ full[0, :, 0]
    for size in SIZES:
        which = torch.rand(len(x), N_DRAWS, N_KNOWN, generator=seeded(size)).topk(size).indices
        known = x[:, 0, None, :N_KNOWN].expand(-1, N_DRAWS, -1, -1)
        known = known.gather(2, which[..., None].expand(-1, -1, -1, x.shape[-1]))
        for name, start in ((OWN, torch.zeros_like(begin)), (SHARED, begin)):
            lines = _line(known, x[:, 1, :N_KNOWN], start[:, None], torch.tensor(PENALTIES))
            wrong = _wrong(lines, known, x)
            best = (wrong @ others.mT).argmin(0)
            each = torch.arange(len(x))
            errors[name].append(wrong[best, each])
            place = lines[best, each].abs().argsort(-1, descending=True).argsort(-1)
            led = (place < 2) == table.responsible[:, None]
            shares[name].append(led.all(-1).float().mean(1))
    stacked = ({k: torch.stack(v) for k, v in kept.items()} for kept in (errors, shares))
    return Warned(next(stacked), next(stacked))


def _others(n_modes: int) -> Float[Tensor, "mode mode"]:
    """Return the weights of a mean over modes of other pairs."""
    pair = torch.arange(n_modes) // N_EACH
    other = (pair[:, None] != pair).float()
    return other / other.sum(1, keepdim=True)


def _middle(known: Tensor, sound: Tensor) -> Tensor:
    return (known.mean(-2) + sound.mean(-2)[:, None]) / 2


def _line(
    known: Float[Tensor, "mode draw failure sensor"],
    sound: Float[Tensor, "mode run sensor"],
    start: Tensor,
    penalties: Float[Tensor, " penalty"],
) -> Float[Tensor, "penalty mode draw sensor"]:
    """Fit yes (1) and no (0), half and half, by ridges that pull towards `start`."""
    middle = _middle(known, sound)
    from_failed, from_sound = known - middle[:, :, None], sound[:, None] - middle[:, :, None]
    spread = from_failed.mT @ from_failed / known.shape[2]
    spread = (spread + from_sound.mT @ from_sound / sound.shape[1]) / 2
    aim = (known.mean(2) - sound.mean(1)[:, None]) / 4
    pull = penalties[:, None, None, None]
    left = spread + pull[..., None] * torch.eye(known.shape[-1])
    return torch.linalg.solve(left, (aim + pull * start)[..., None])[..., 0]


def _wrong(lines: Tensor, known: Tensor, x: Tensor) -> Float[Tensor, "penalty mode"]:
    """Return the mean error over judged failures and sound runs, half and half."""
    middle = _middle(known, x[:, 1, :N_KNOWN])
    parts = []
    for side, truth in ((0, 1.0), (1, 0.0)):
        said = lines @ x[:, side, N_KNOWN:].mT + 0.5
        said = said - (lines * middle).sum(-1)[..., None]
        parts.append((said - truth).square().mean((-1, -2)))
    return (parts[0] + parts[1]) / 2
