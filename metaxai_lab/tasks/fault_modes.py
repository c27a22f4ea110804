"""Made modes of failure: each a limit on a product, quotient or difference of two sensors.

What modes share: which sensors may decide at all, and the direction in which a sensor usually does
harm (more torque, more wear, slower turns, a process hardly warmer than the air). What differs:
which two sensors decide, how strongly each, the limit, and now and then the direction. Speed,
torque and wear are given as logarithms, so that a product is a sum. The rules of Matzka (2020) for
power and heat are of this kind. Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Mapping
from itertools import combinations

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.tasks.machines import COLUMNS, draw_runs
from metaxai_lab.tasks.task_table import TaskTable

HARM: Mapping[str, float] = {"air": 1.0, "process": -1.0, "rpm": -1.0, "torque": 1.0, "wear": 1.0}
SENSORS = tuple(name for name in COLUMNS if name != "grade")
PAIRS = tuple(combinations(HARM, 2))
LOGS = ("rpm", "torque", "wear")
FAILING = 0.1  # of all runs, by a made mode
STRENGTHS = (0.6, 1.4)


def fault_modes(
    *,
    n_each: int = 3,
    n_rows: int = 100,
    usual: float = 0.9,
    sharing: bool = True,
    generator: Generator,
) -> TaskTable:
    """Return "did it fail in this mode?", a task for each made mode; half of its rows failed.

    `responsible` marks the two sensors of each mode. Modes stand pair by pair, as `PAIRS` does.

    Args:
        n_each: modes of each pair of sensors.
        n_rows: of each mode.
        usual: the chance that a sensor does harm in its usual direction.
        sharing: without it, any two of all sensors decide, in any direction: nothing is shared.
    """
    g = generator
    pairs = PAIRS if sharing else tuple(combinations(SENSORS, 2))[:: 36 // len(PAIRS)][: len(PAIRS)]
    columns = [pair for pair in pairs for _ in range(n_each)]
    z = readings(draw_runs(20_000, generator=g).x)
    usual = usual if sharing else 0.5
    deciding = torch.tensor([[name in pair for name in SENSORS] for pair in columns])
    weights = _weights(deciding, usual, g)
    score = weights @ z.T
    failing = score > score.quantile(1 - FAILING, dim=1, keepdim=True)
    rows = torch.cat([_some(of, n_rows // 2, g) for of in (failing, ~failing)], 1)
    y = torch.arange(2).flip(0).repeat_interleave(n_rows // 2).repeat(len(columns))
    numbers = {pair: 0 for pair in pairs}
    names = [f"{a} and {b}, {_next(numbers, (a, b))}" for a, b in columns]
    return TaskTable(
        x=z[rows.flatten()],
        y=y,
        task=torch.arange(len(columns)).repeat_interleave(2 * (n_rows // 2)),
        feature_names=SENSORS,
        task_names=tuple(names),
        target_name="failed",
        class_names=("no", "yes"),
        responsible=deciding,
    )


def readings(x: Float[Tensor, "run column"]) -> Float[Tensor, "run sensor"]:
    """Return `SENSORS` of runs, standardised, with speed, torque and wear as logarithms."""
    logs = torch.tensor([name in LOGS for name in COLUMNS])
    told = torch.where(logs.to(x.device), x.clamp_min(5.0).log(), x)
    told = told[:, torch.tensor([name != "grade" for name in COLUMNS], device=x.device)]
    return (told - told.mean(0)) / told.std(0)


def _weights(deciding: Tensor, usual: float, g: Generator) -> Float[Tensor, "mode sensor"]:
    low, high = STRENGTHS
    strength = low + (high - low) * torch.rand(deciding.shape, generator=g)
    turned = torch.rand(deciding.shape, generator=g) > usual
    harm = torch.tensor([HARM.get(name, 1.0) for name in SENSORS])
    return deciding * strength * harm.where(~turned, -harm)


def _some(of: Tensor, n: int, g: Generator) -> Tensor:
    """Draw `n` of the marked runs of each mode."""
    return torch.rand(of.shape, generator=g).where(of, torch.tensor(-1.0)).topk(n).indices


def _next(numbers: dict[tuple[str, str], int], pair: tuple[str, str]) -> int:
    numbers[pair] += 1
    return numbers[pair]
