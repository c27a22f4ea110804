"""Runs of a milling machine whose failures follow published rules, so that their reasons are known.

Air and process temperature walk at random and are then scaled; torque is normal; wear grows by the
grade of the product until the tool is changed. A failure of heat (HDF), power (PWF) or strain (OSF)
follows from the columns; a worn tool (TWF) breaks by chance at 200 to 240 minutes. Source: Matzka
(2020), section 2; speed as it falls with torque was fitted to the file, and four sensors that
decide nothing were added. Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

DECIDING = ("air", "process", "rpm", "torque", "wear", "grade")
IDLE = ("coolant", "vibration", "voltage", "humidity")  # sensors that decide nothing
COLUMNS = (*DECIDING, *IDLE)
GRADES = ("L", "M", "H")  # as numbers 0, 1, 2
SHARES = (0.6, 0.3, 0.1)  # of the grades, as in the file
MODES = ("HDF", "PWF", "OSF", "TWF")
DECIDED_BY: Mapping[str, tuple[str, ...]] = {
    "HDF": ("air", "process", "rpm"),
    "PWF": ("rpm", "torque"),
    "OSF": ("torque", "wear", "grade"),
    "TWF": ("wear",),
}
STRAIN = (11_000.0, 12_000.0, 13_000.0)  # minNm that grades L, M, H bear
MINUTES = (2.0, 3.0, 5.0)  # of wear that a run of grade L, M, H adds
CHANGED = (200.0, 240.0)  # minutes between which a tool is changed, or breaks
BREAKS = 51 / 120  # of the tools that reach their end, in the publication
ON_ONE_WALK = 500  # runs of one machine, whose temperatures walk together


@dataclass(frozen=True)
class Runs:
    """Runs of some machines, with how each failed.

    Args:
        x: of `COLUMNS`, in kelvin, turns a minute, newton metres and minutes; the grade is 0 to 2.
        modes: which of `MODES` made the run fail.
    """

    x: Float[Tensor, "run column"]
    modes: Bool[Tensor, "run mode"]

    @property
    def failed(self) -> Bool[Tensor, " run"]:
        """Which runs failed, in whatever mode."""
        return self.modes.any(-1)

    @property
    def single(self) -> Bool[Tensor, " run"]:
        """Which failed by exactly one of the three rules, and not by a worn tool as well."""
        return (self.modes[:, :3].sum(-1) == 1) & ~self.modes[:, 3]


def draw_runs(n_runs: int, *, generator: Generator) -> Runs:
    """Draw runs of as many machines as they need, `ON_ONE_WALK` of each.

    Raises:
        ValueError: if `n_runs` is no multiple of `ON_ONE_WALK`.
    """
    if n_runs < ON_ONE_WALK or n_runs % ON_ONE_WALK:
        raise ValueError(f"runs come {ON_ONE_WALK} to a machine; found {n_runs}. Ask for more.")
    g, n_machines = generator, n_runs // ON_ONE_WALK
    air = 300 + 2 * _walks(n_machines, g)
    process = air + 10 + _walks(n_machines, g)
    torque = (40 + 10 * torch.randn(air.shape, generator=g)).clamp_min(3.8)
    rpm = 984 + 20_530 / torque.clamp_min(10.8) + 52 * torch.randn(air.shape, generator=g)
    grade = torch.multinomial(torch.tensor(SHARES), air.numel(), True, generator=g)
    grade = grade.view(air.shape).to(air)
    wear, ends = _wear(grade, g)
    idle = _idle(air, rpm, wear, g)
    x = torch.stack([air, process, rpm, torque, wear, grade, *idle], -1).flatten(0, 1)
    worn = (ends & (torch.rand(ends.shape, generator=g) < BREAKS)).flatten()
    return Runs(x, torch.cat([rules(x), worn[:, None]], -1))


def rules(x: Float[Tensor, "*batch column"]) -> Bool[Tensor, "*batch rule"]:
    """Return which of HDF, PWF and OSF hold, by the published thresholds."""
    air, process, rpm, torque, wear, grade = x[..., :6].unbind(-1)
    power = torque * rpm * 2 * pi / 60
    borne = torch.tensor(STRAIN).to(x)[grade.long()]
    hot = (process - air < 8.6) & (rpm < 1380)
    return torch.stack([hot, (power < 3500) | (power > 9000), wear * torque > borne], -1)


def responsible(modes: Bool[Tensor, "*batch mode"]) -> Bool[Tensor, "*batch column"]:
    """Return the columns that decided: those of all modes that made the run fail."""
    table = torch.tensor([[name in DECIDED_BY[mode] for name in COLUMNS] for mode in MODES])
    return (modes[..., None] & table.to(modes.device)).any(-2)


def _walks(n_machines: int, g: Generator) -> Float[Tensor, "machine run"]:
    steps = torch.randn(n_machines, ON_ONE_WALK, generator=g).cumsum(1)
    return (steps - steps.mean(1, keepdim=True)) / steps.std(1, keepdim=True)


def _wear(
    grade: Float[Tensor, "machine run"], g: Generator
) -> tuple[Float[Tensor, "machine run"], Bool[Tensor, "machine run"]]:
    """Return minutes of wear, and which run is the last of its tool."""
    used = torch.tensor(MINUTES)[grade.long()].cumsum(1)
    shortest, longest = CHANGED
    n_tools = int(ON_ONE_WALK * max(MINUTES) / shortest) + 2
    lives = shortest + (longest - shortest) * torch.rand(len(grade), n_tools, generator=g)
    begins = lives.cumsum(1) - lives - shortest * torch.rand(len(grade), 1, generator=g)
    tool = torch.searchsorted(begins, used, right=True) - 1
    last = torch.zeros_like(tool).bool()
    last[:, :-1] = tool[:, 1:] > tool[:, :-1]
    return used - begins.gather(1, tool), last


def _idle(air: Tensor, rpm: Tensor, wear: Tensor, g: Generator) -> list[Tensor]:
    """Return four sensors; three go with a column that decides."""
    noise = torch.randn(4, *air.shape, generator=g)
    return [
        290 + 0.6 * (air - 300) + 0.8 * noise[0],
        2 + 0.002 * (rpm - 1540) + 0.004 * wear + 0.4 * noise[1],
        400 + 3 * noise[2],
        45 - 3 * (air - 300) + 6 * noise[3],
    ]
