"""A new road opens on a known day: do the errors show it first, or the reasons?

A model in service was adapted on its first days. Each later day two things are watched: the error
of the last days, and how far a model adapted anew on the last days has moved away, in its weights
and in its level. An alarm rings above a bound that one station in ten of other cities, without a
new road, ever passed.
Source: Gama et al. (2014), for drift, its detection and false alarms.
Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.classroom.city_study import Left
from metaxai_lab.core import Examples
from metaxai_lab.learners import LinearModel
from metaxai_lab.tasks.small_city import City

SERVED = 50  # days that the model in service was adapted on
ERRORS, REASONS = 10, 20  # days that are looked back on
BEGUN, LAST = 330, 620  # days: service begins, and nobody watches any more
QUIET = 0.9  # of the stations without a new road should ring no alarm
WATCH = torch.arange(BEGUN + SERVED + REASONS, LAST)
Signals = Mapping[str, Float[Tensor, "station day"]]


@dataclass(frozen=True)
class Service:
    """Stations whose dust is predicted from the days of a city, and a model for each in service.

    Args:
        days: the columns of each day, in the units of the fold.
        dust: of each station and day, in the units of the fold.
        begun: the first day that the models in service were adapted on.
    """

    left: Left
    days: Float[Tensor, "day column"]
    dust: Float[Tensor, "station day"]
    begun: int

    @cached_property
    def model(self) -> LinearModel:
        """The models in service."""
        return self.adapted(torch.tensor([self.begun + SERVED]), SERVED, 0)

    def adapted(self, until: Int[Tensor, " at"], n_days: int, at: int | None = None) -> LinearModel:
        """Return models of the `n_days` before each of some days; of one of them, if asked."""
        back = until[:, None] - torch.arange(n_days, 0, -1)
        x = self.days[back].expand(len(self.dust), -1, -1, -1)
        with torch.no_grad():
            found = self.left.learner.adapt(Examples(x, self.dust[:, back]))
        if at is None:
            return found
        return LinearModel(found.weights[:, at], found.intercept[:, at])

    def wrong(self, model: LinearModel) -> Float[Tensor, "station day"]:
        """Return the squared error of each day."""
        said = model(self.days.expand(len(self.dust), -1, -1))[..., 0]
        return (said - self.dust).square()

    def moved(self, now: LinearModel) -> Float[Tensor, "station at column"]:
        """Return how far the weights of models adapted anew lie from those in service."""
        return (now.weights - self.model.weights[:, None]) * self.left.fold.sizes

    def raised(self, now: LinearModel) -> Float[Tensor, "station at"]:
        """Return how far the levels of models adapted anew lie above those in service."""
        return now.intercept - self.model.intercept[:, None]

    def signals(self, until: Int[Tensor, " at"]) -> Signals:
        """Return what is watched on each of some days: the error, the weights, and the level.

        Weights and level are those of a model adapted anew, less those of the model in service.
        """
        wrong, now = self.wrong(self.model), self.adapted(until, REASONS)
        moved, level = self.moved(now), self.raised(now)
        both = torch.cat([moved, level[..., None]], -1)
        return {
            "error": self.looking_back(wrong, until, ERRORS),
            "error, 20 days": self.looking_back(wrong, until, REASONS),
            "level, 10 days": self.raised(self.adapted(until, ERRORS)),
            "level": level,
            "weights, level": both.norm(dim=-1),
            "all weights": moved.norm(dim=-1),
            "traffic": moved[..., 0],
        }

    @staticmethod
    def looking_back(
        values: Float[Tensor, "station day"], until: Int[Tensor, " at"], n_days: int
    ) -> Float[Tensor, "station at"]:
        """Return the mean of the `n_days` before each of some days."""
        return values[:, until[:, None] - torch.arange(n_days, 0, -1)].mean(-1)


def in_service(left: Left, city: City, stations: Sequence[int], begun: int) -> Service:
    """Put models into service at stations of a city, whose first days the learner was trained on.

    Columns and dust come into the units of the fold, which those first days gave.
    """
    table = left.fold.table
    centre, spread = table.target_scale
    known = city.days[: int(table.counts[0])]
    days = (city.days - known.mean(0)) / known.std(0, correction=0)
    return Service(left, days, (city.dust[list(stations)] - centre) / spread, begun)


@dataclass(frozen=True)
class Watched:
    """What was watched at all stations of a city, in which a road opens, and without it.

    Args:
        added: what the road adds on a weekday, in µg/m³.
    """

    added: Float[Tensor, " station"]
    road: Signals
    quiet: Signals


def watched(lefts: Sequence[Left], road: City, quiet: City) -> Watched:
    """Watch the stations left out, each by a learner that did not see it."""
    order = [station for left in lefts for station in left.fold.out]
    both = [
        [in_service(left, city, left.fold.out, BEGUN).signals(WATCH) for left in lefts]
        for city in (road, quiet)
    ]
    here, there = (
        {name: torch.cat([one[name] for one in each]) for name in each[0]} for each in both
    )
    return Watched(road.added[order, 0], here, there)


@dataclass(frozen=True)
class Heard:
    """When alarms rang, at the stations of several cities.

    Args:
        added: what the road adds there, in µg/m³ on a weekday.
        delay: days from the opening of the road to the first alarm; infinite if none rings in time,
            NaN where one had rung before.
        false: whether an alarm rings in the same city without the road.
    """

    added: Float[Tensor, " station"]
    delay: Mapping[str, Float[Tensor, " station"]]
    false: Mapping[str, Bool[Tensor, " station"]]


def heard(cities: Sequence[Watched], opened: int) -> Heard:
    """Ring an alarm above what the *other* cities without a road hardly ever reached.

    Raises:
        ValueError: if there is only one city, which leaves nothing to set a bound by.
    """
    if len(cities) < 2:
        raise ValueError("a bound comes from the other cities: give two or more; found one.")
    delay: dict[str, list[Tensor]] = {name: [] for name in cities[0].road}
    false: dict[str, list[Tensor]] = {name: [] for name in cities[0].road}
    for city in cities:
        for name in delay:
            calm = torch.cat([one.quiet[name].amax(1) for one in cities if one is not city])
            bound = calm.quantile(QUIET)
            delay[name].append(first_after(city.road[name] > bound, WATCH, opened))
            false[name].append((city.quiet[name] > bound).any(1))
    added = torch.cat([city.added for city in cities])
    return Heard(
        added,
        {name: torch.cat(each) for name, each in delay.items()},
        {name: torch.cat(each) for name, each in false.items()},
    )


def first_after(
    rings: Bool[Tensor, "station day"], days: Int[Tensor, " day"], opened: int
) -> Float[Tensor, " station"]:
    """Return how long after a day the first alarm rings: infinite if never, NaN if before."""
    after = days > opened
    late = (days - opened).float().where(after, torch.inf)
    wait = late.expand(rings.shape).where(rings, torch.inf).amin(1)
    return wait.where(~(rings & ~after).any(1), torch.nan)
