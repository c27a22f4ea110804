"""Fifteen small cities in which a road opens: alarms, what is named, what mends; a city is a unit.

Stations of one city share their weather, so they are no independent witnesses. And time: the same
learners, asked about days that nobody was trained on.
Chapter: book/applications/city.ipynb.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.city_drift import BEGUN, LAST, heard, in_service, watched
from metaxai_lab.classroom.city_mending import mended, named
from metaxai_lab.classroom.city_study import N_DRAWS, N_QUERY, Left, learn, without
from metaxai_lab.classroom.left_out import SIZES
from metaxai_lab.core import Examples, seeded
from metaxai_lab.tasks.small_city import City, SmallCity

SEEDS = tuple(range(20, 35))  # none of the cities that the page runs
OPENED = 480
SINCE = (10, 20, 40, 80)  # days since the opening
AFTER = 20  # days that a repair sees
NEAR, FAR = 8.0, 0.5  # µg/m³ that the road adds on a weekday: beside it, and untouched
SPANS = {"city, days seen": (0, OPENED), "city, later days": (OPENED, 730)}


@dataclass(frozen=True)
class Twins:
    """A city with a new road and the same without it, and who was trained on its first days."""

    lefts: tuple[Left, ...]
    road: City
    quiet: City

    @property
    def added(self) -> Float[Tensor, " station"]:
        """What the road adds, in the order in which stations were left out."""
        return self.road.added[[station for left in self.lefts for station in left.fold.out], 0]

    @property
    def near(self) -> Bool[Tensor, " station"]:
        """The stations beside the road."""
        return self.added > NEAR

    @property
    def far(self) -> Bool[Tensor, " station"]:
        """The stations that it leaves untouched."""
        return self.added < FAR


@cache
def twins(seed: int, steps: int | None = None) -> Twins:
    """Draw a city twice, and train with every fourth station left out."""
    road, quiet = (SmallCity(opened=o).draw(generator=seeded(seed)) for o in (OPENED, None))
    folds = [without(quiet.timeline(OPENED), part, 4) for part in range(4)]
    lefts = (learn(fold, seed=part, steps=steps) for part, fold in enumerate(folds))
    return Twins(tuple(lefts), road, quiet)


def alarms(cities: list[Twins]) -> Iterator[tuple[str, list[float]]]:
    """Give for each signal and city the median wait, who never rang, and false alarms."""
    found = heard([watched(one.lefts, one.road, one.quiet) for one in cities], OPENED)
    near = [one.near for one in cities]
    n_stations = [len(marks) for marks in near]
    for name, delay in found.delay.items():
        waits = [each[here] for each, here in zip(delay.split(n_stations), near, strict=True)]
        waits = [each[~each.isnan()].clamp_max(float(LAST - OPENED)) for each in waits]
        yield f"road, wait, {name}", [float(each.median()) for each in waits]
        never = [float((each == LAST - OPENED).float().mean()) for each in waits]
        yield f"road, never, {name}", never
        false = found.false[name].float().split(n_stations)
        yield f"road, false, {name}", [float(each.mean()) for each in false]


def naming(cities: list[Twins]) -> Iterator[tuple[str, list[float]]]:
    """Give the share of stations that name traffic: beside the road, without it, and untouched."""
    for days in SINCE:
        shares: dict[str, list[float]] = {"road": [], "no road": [], "untouched": []}
        for one in cities:
            calm = replace(one.quiet, opened=OPENED)
            here, there = (
                named(one.lefts, city, days).abs().argmax(1) == 0 for city in (one.road, calm)
            )
            shares["road"].append(float(here[one.near].float().mean()))
            shares["no road"].append(float(there[one.near].float().mean()))
            shares["untouched"].append(float(here[one.far].float().mean()))
        for name, each in shares.items():
            yield f"named, {name}, {days}", each


def repairs(cities: list[Twins]) -> Iterator[tuple[str, list[float]]]:
    """Give the error of each repair: beside the road, and at stations that it leaves untouched."""
    each = [mended(one.lefts, one.road, one.quiet, AFTER) for one in cities]
    for name in each[0]:
        for place, marks in (("near", [c.near for c in cities]), ("far", [c.far for c in cities])):
            errors = [float(e[name][m].mean()) for e, m in zip(each, marks, strict=True)]
            yield f"mended, {place}, {name}", errors


def of_roads() -> Iterator[tuple[str, list[float]]]:
    """Open a road in each city: what rings, what is named, what mends."""
    cities = [twins(seed) for seed in SEEDS]
    for part in (alarms, naming, repairs):
        yield from part(cities)


def of_days(span: str) -> Iterator[tuple[str, list[float]]]:
    """Ask the learners of each city about days of a span: the mean errors, a city a unit."""
    cities = [asked(twins(seed), *SPANS[span]) for seed in SEEDS]
    for who in cities[0]:
        for k in SIZES:
            yield f"{span}, {who}, {k}", [one[who][k] for one in cities]


def asked(city: Twins, first: int, last: int) -> Mapping[str, Mapping[int, float]]:
    """Return everyone's mean error, by name and size, where learned and judged days lie between."""
    errors: dict[str, dict[int, float]] = {}
    for k in SIZES:
        found: dict[str, list[Tensor]] = {}
        for left in city.lefts:
            served = in_service(left, city.quiet, left.fold.out, BEGUN)
            n, long = len(served.dust), k + N_QUERY
            begun = torch.randint(first, last - long + 1, (n, N_DRAWS, 1), generator=seeded(k))
            rows = begun + torch.arange(long)
            x = served.days[rows].flatten(0, 1)
            y = served.dust[torch.arange(n)[:, None, None], rows].flatten(0, 1)
            support, query = Examples(x[:, :k], y[:, :k]), Examples(x[:, k:], y[:, k:])
            for name, line in left.lines(support).items():
                found.setdefault(name, []).append(line.errors(query))
        for name, each in found.items():
            errors.setdefault(name, {})[k] = float(torch.cat(each).mean())
    return errors
