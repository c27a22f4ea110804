"""Brake tests of many cars: how hard did each slow down, on which road, how loaded, how warm?

All cars obey the same physics: a slope acts on each alike, water and load make each brake worse.
What differs is the car: its tyres, how deep their profile is, how soon its brakes fade. The cars of
one maker are like each other. Wong (2008), chapter 3, for braking and grip.
Chapter: book/applications/driving.ipynb.
"""

import torch
from torch import Generator

from metaxai_lab.tasks.sampling import check_sizes
from metaxai_lab.tasks.task_table import TaskTable

COLUMNS = ("speed", "water", "slope", "load", "brake warmth", "air", "battery", "radio")
UNITS = ("m/s", "mm", "%", "100 kg", "100 °C", "°C", "V", "channel")
LOW = (5.0, 0.0, -8.0, 0.0, 0.2, -5.0, 11.5, 1.0)
HIGH = (30.0, 3.0, 8.0, 5.0, 4.0, 30.0, 14.0, 9.0)
#: what a unit of each column does to the deceleration in the mean car, in m/s²; then the level
MEAN = (-0.03, -0.7, 0.098, -0.15, -0.3, 0.01, 0.0, 0.0, 8.0)
MAKERS = (0.01, 0.15, 0.0, 0.05, 0.12, 0.0, 0.0, 0.0, 0.4)  # how far makers differ
CARS = (0.015, 0.25, 0.0, 0.06, 0.2, 0.005, 0.0, 0.0, 0.6)  # how far cars of a maker differ
NOISE = 0.5


def brakings(
    *,
    n_makers: int = 8,
    n_cars: int = 5,
    n_rows: int = 90,
    shared: bool = True,
    generator: Generator,
) -> TaskTable:
    """Draw cars and their brake tests: a task is a car, named by its maker and a number.

    Args:
        n_cars: of each maker.
        shared: whether cars obey the same physics; else each column acts on each car by a number
            of its own, drawn around nought, and one car says little of another.

    Raises:
        ValueError: if a number is below 1.
    """
    check_sizes(n_makers=n_makers, n_cars=n_cars, n_rows=n_rows)
    mean, makers, cars = (torch.tensor(numbers) for numbers in (MEAN, MAKERS, CARS))
    if not shared:
        level = torch.arange(len(mean)) == len(mean) - 1
        mean, makers, cars = (
            mean.where(level, 0),
            makers.where(level, 0),
            cars.where(level, torch.hypot(mean, cars)),
        )
    shape = (n_makers, n_cars, len(mean))
    of_maker = mean + makers * torch.randn(n_makers, 1, len(mean), generator=generator)
    physics = of_maker + cars * torch.randn(shape, generator=generator)
    low, high = torch.tensor(LOW), torch.tensor(HIGH)
    chance = torch.rand(n_makers, n_cars, n_rows, len(low), generator=generator)
    x = low + (high - low) * chance
    y = (x @ physics[..., :-1, None])[..., 0] + physics[..., -1:]
    y = y + NOISE * torch.randn(y.shape, generator=generator)
    names = [f"{chr(65 + maker)}{car + 1}" for maker in range(n_makers) for car in range(n_cars)]
    return TaskTable(
        x.flatten(0, 2),
        y.flatten(),
        torch.arange(len(names)).repeat_interleave(n_rows),
        COLUMNS,
        tuple(names),
        "deceleration",
    )


def makers_of(table: TaskTable) -> dict[str, tuple[int, ...]]:
    """Return the cars of each maker, by its letter."""
    found: dict[str, list[int]] = {}
    for task, name in enumerate(table.task_names):
        found.setdefault(name[0], []).append(task)
    return {maker: tuple(cars) for maker, cars in found.items()}
