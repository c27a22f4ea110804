"""After the road: what the reasons name, and what adapting anew mends.

Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.city_drift import BEGUN, Service, in_service
from metaxai_lab.classroom.city_study import Left
from metaxai_lab.core import Examples
from metaxai_lab.learners import LinearModel
from metaxai_lab.tasks.small_city import City

AHEAD = 30  # days that are judged


def named(lefts: Sequence[Left], road: City, since: int) -> Float[Tensor, "station column"]:
    """Return by how much the reasons moved, in µg/m³, once the road was open for some days."""
    until = torch.tensor([(road.opened or 0) + since])
    moved = []
    for left in lefts:
        served = in_service(left, road, left.fold.out, BEGUN)
        by = served.moved(served.adapted(until, since))[:, 0]
        moved.append(by * left.fold.table.target_scale[1])
    return torch.cat(moved)


def mended(
    lefts: Sequence[Left], road: City, quiet: City, since: int
) -> Mapping[str, Float[Tensor, " station"]]:
    """Return the errors of the `AHEAD` days after the road was open for some days.

    "in service" is as it was, "no road" is the model in service in the same city without the road;
    the others are the `repairs`.
    """
    until = (road.opened or 0) + since
    later = slice(until, until + AHEAD)
    errors: dict[str, list[Tensor]] = {}
    for left in lefts:
        here = in_service(left, road, left.fold.out, BEGUN)
        there = in_service(left, quiet, left.fold.out, BEGUN)
        known = quiet.days[: int(left.fold.table.counts[0]), 0]
        steady = float(known.mean() / known.std(correction=0))
        errors.setdefault("no road", []).append(there.wrong(there.model)[:, later].mean(1))
        for name, model in repairs(here, until, since, steady).items():
            errors.setdefault(name, []).append(here.wrong(model)[:, later].mean(1))
    return {name: torch.cat(each) for name, each in errors.items()}


def repairs(served: Service, until: int, since: int, steady: float) -> Mapping[str, LinearModel]:
    """Return the model in service, the learner adapted anew, and rivals on the same days.

    "level shifted" adds to the model in service what it missed in the mean. "traffic times" adds
    what it missed for each unit of traffic; "traffic's weight" takes this weight alone anew.

    Args:
        steady: the mean of traffic, as a multiple of its deviation.
    """
    back = torch.arange(until - since, until)
    rows = Examples(served.days[back].expand(len(served.dust), -1, -1), served.dust[:, back])
    model, anew = served.model, served.adapted(torch.tensor([until]), since, 0)
    missed = rows.y - model(rows.x)[..., 0]
    traffic = rows.x[..., 0] + steady
    one = torch.zeros_like(model.weights)
    one[:, 0] = 1
    times = (missed * traffic).sum(1) / traffic.square().sum(1)
    lines = served.left.lines(rows)
    return {
        "in service": model,
        "mended": anew,
        "level shifted": LinearModel(model.weights, model.intercept + missed.mean(1)),
        "traffic times": LinearModel(
            model.weights + one * times[:, None], model.intercept + steady * times
        ),
        "traffic's weight": LinearModel(model.weights.lerp(anew.weights, one), model.intercept),
        "own ridge": lines["own ridge"],
        "one price": lines["one price"],
    }
