"""A small city made by code: stations on a map, fine dust of each day, and a road that may open.

All stations share the weather, the traffic of the city and one rule: near the road the traffic
counts more, near the river damp air, in the park heating less. What the map does not tell (a yard,
a street like a canyon) makes each effect larger or smaller by a factor of the station's own. The
dust of a day is a sum of effects, so what each column counts at a station is known. Noise of one
day lasts into the next. On the day that is asked for, a new road opens in the east.
Chapter: book/applications/city.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.tasks.task_table import TaskTable
from metaxai_lab.tasks.time_order import Timeline

Kind = Literal["city", "alike", "strangers"]
COLUMNS = ("traffic", "wind", "heating", "rain", "humidity", "upwind", "pressure")
UNITS = ("weekdays' mean = 1", "m/s", "°C below 15", "h", "%", "µg/m³", "hPa")
ROAD, NEW_ROAD, RIVER, PARK = 3.5, 8.0, (2.0, 0.4), (6.5, 8.0)  # km; the river: height, slope
SIDE, REACH = 10.0, 1.2  # km: of the map; over which the effect of a place falls to a third
OPENED = 25.0  # µg/m³ that a weekday's traffic adds beside the new road


@dataclass(frozen=True)
class City:
    """What was drawn, with its truth.

    Args:
        place: of each station, in km to the east and to the north.
        effects: what one unit of each column adds to the dust at each station, in µg/m³.
        added: what is added to these from the day on that the new road is open.
        level: of each station.
        days: the columns of each day; the same at all stations.
        dust: fine dust of each station and day, in µg/m³.
        opened: the first day of the new road; None without one.
    """

    place: Float[Tensor, "station 2"]
    effects: Float[Tensor, "station column"]
    added: Float[Tensor, "station column"]
    level: Float[Tensor, " station"]
    days: Float[Tensor, "day column"]
    dust: Float[Tensor, "station day"]
    opened: int | None = None

    def timeline(self, until: int | None = None) -> Timeline:
        """Return the rows station by station and day by day; a station is a task.

        Args:
            until: the first day that is left out; None for all days.
        """
        days, dust = self.days[:until], self.dust[:, :until]
        n_stations, n_days = dust.shape
        table = TaskTable(
            days.repeat(n_stations, 1),
            dust.flatten(),
            torch.arange(n_stations).repeat_interleave(n_days),
            COLUMNS,
            tuple(f"station {number}" for number in range(n_stations)),
            "fine dust",
        )
        return Timeline(table, torch.arange(n_days).repeat(n_stations))

    def importance(self, until: int | None = None) -> Float[Tensor, "station column"]:
        """Return the true importance: the size of an effect times the column's deviation.

        Args:
            until: the first day that is left out; None for all days.
        """
        return self.effects.abs() * self.days[:until].std(0, correction=0)


@dataclass(frozen=True)
class SmallCity:
    """What a city is drawn from.

    Args:
        kind: "city" follows the map; in "alike" all stations have the mean station's effects; in
            "strangers" each has its effects in an order and with signs of its own.
        local: deviation of the logarithm of the factors that the map does not tell.
        noise: deviation of what no column explains, in µg/m³.
        opened: the first day of the new road; None for a city that does not change.
    """

    n_stations: int = 24
    n_days: int = 730
    kind: Kind = "city"
    local: float = 0.3
    noise: float = 5.0
    opened: int | None = None

    def draw(self, *, generator: Generator) -> City:
        """Draw a city.

        Raises:
            ValueError: if there are fewer than two stations or days, or the road opens on a day
                that is not there.
        """
        if self.n_stations < 2 or self.n_days < 2:
            raise ValueError(
                f"a city has at least 2 stations and 2 days; found {self.n_stations} and "
                f"{self.n_days}."
            )
        if self.opened is not None and not 0 < self.opened < self.n_days:
            raise ValueError(
                f"the road opens on a day from 1 to {self.n_days - 1}; found {self.opened}."
            )
        place = SIDE * torch.rand(self.n_stations, 2, generator=generator)
        days = _days(self.n_days, generator)
        effects, level = self._effects(place, days, generator)
        added = torch.zeros_like(effects)
        if self.opened is not None:
            added[:, 0] = OPENED * _near(place[:, 0] - NEW_ROAD)
        dust = effects @ days.T + level[:, None] + self._left(generator)
        if self.opened is not None:
            dust[:, self.opened :] += added @ days[self.opened :].T
        return City(place, effects, added, level, days, dust, self.opened)

    def _effects(self, place: Tensor, days: Tensor, g: Generator) -> tuple[Tensor, Tensor]:
        road, river, park = near_to(place).unbind(1)
        one = torch.ones_like(road)
        rule = [6 + 24 * road, -2 - 2 * river, 0.9 - 0.6 * park, -0.8 * one]
        rule += [0.05 + 0.3 * river, 0.6 * one, 0.0 * one]
        own = (self.local * torch.randn(len(place), len(COLUMNS), generator=g)).exp()
        effects, level = torch.stack(rule, 1) * own, 12 + 3 * torch.randn(len(place), generator=g)
        if self.kind == "alike":
            return effects.mean(0).expand_as(effects).clone(), level.mean().expand_as(level).clone()
        if self.kind == "strangers":
            size = days.std(0)
            order = torch.rand(effects.shape, generator=g).argsort(1)
            sign = 2.0 * torch.randint(2, effects.shape, generator=g) - 1
            effects = (effects * size).gather(1, order) * sign / size
            level = 40 - effects @ days.mean(0) + 3 * torch.randn(len(place), generator=g)
        return effects, level

    def _left(self, g: Generator) -> Float[Tensor, "station day"]:
        """Draw what no column explains: half of it is the whole city's, and it lasts."""
        own = _lasting(self.n_stations, self.n_days, 0.5, g)
        common = _lasting(1, self.n_days, 0.5, g)
        return self.noise * (own + common) / 2**0.5


def near_to(place: Float[Tensor, "station 2"]) -> Float[Tensor, "station 3"]:
    """Return how near each place is to road, river and park: 1 there, 0 far away."""
    east, north = place.unbind(1)
    river = (north - RIVER[0] - RIVER[1] * east) / (1 + RIVER[1] ** 2) ** 0.5
    park = (place - place.new_tensor(PARK)).norm(dim=1)
    return torch.stack([_near(east - ROAD), _near(river), _near(park)], 1)


def _near(distance: Tensor) -> Tensor:
    return (-distance.abs() / REACH).exp()


def _days(n_days: int, g: Generator) -> Float[Tensor, "day column"]:
    """Draw the columns of each day; day 0 is a Monday, the first of January."""
    day = torch.arange(n_days)
    winter = (2 * torch.pi * (day - 15) / 365).cos()
    air = _lasting(5, n_days, 0.7, g)
    traffic = torch.where(day % 7 < 5, 1.0, 0.6) + 0.1 * torch.randn(n_days, generator=g)
    wind = 3 * (0.4 * air[0]).exp()
    heating = (15 - (12 - 11 * winter + 4 * air[1])).clamp_min(0)
    rain = (4 * (air[2] - 0.5)).clamp_min(0)
    humidity = (62 + 8 * winter + 6 * air[2] + 8 * torch.randn(n_days, generator=g)).clamp(15, 100)
    upwind = (24 + 6 * winter + 8 * air[3]).clamp_min(2)
    return torch.stack([traffic, wind, heating, rain, humidity, upwind, 1013 + 8 * air[4]], 1)


def _lasting(n_series: int, n_days: int, stays: float, g: Generator) -> Tensor:
    """Draw series of deviation 1 of which each day keeps a share of the day before."""
    fresh = (1 - stays**2) ** 0.5 * torch.randn(n_series, n_days, generator=g)
    fresh[:, 0] /= (1 - stays**2) ** 0.5
    lag = (torch.arange(n_days)[:, None] - torch.arange(n_days)).clamp_min(0)
    kept = (stays ** lag.double()).tril()
    return (fresh.double() @ kept.T).float()
