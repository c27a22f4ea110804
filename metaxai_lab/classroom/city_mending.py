"""After the road: what the reasons name, and what adapting anew mends.

Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.city_drift import BEGUN, in_service
from metaxai_lab.classroom.city_study import Left
from metaxai_lab.tasks.small_city import City

AHEAD = 30  # days that are judged


def named(lefts: Sequence[Left], road: City, since: int) -> Float[Tensor, "station column"]:
    """Return by how much the reasons moved, in µg/m³, once the road was open for some days."""
    until = torch.tensor([(road.opened or 0) + since])
    moved = [
        in_service(left, road, left.fold.out, BEGUN).moved(until, since)[:, 0]
        * left.fold.table.target_scale[1]
        for left in lefts
    ]
    return torch.cat(moved)


def mended(
    lefts: Sequence[Left], road: City, quiet: City, since: int
) -> Mapping[str, Float[Tensor, " station"]]:
    """Return the errors of the `AHEAD` days after the road was open for some days.

    "in service" is as it was, "mended" is adapted anew on the days since the opening, and "no road"
    is the model in service in the same city without the road.
    """
    until = (road.opened or 0) + since
    later = slice(until, until + AHEAD)
    errors: dict[str, list[Tensor]] = {"in service": [], "mended": [], "no road": []}
    for left in lefts:
        here = in_service(left, road, left.fold.out, BEGUN)
        there = in_service(left, quiet, left.fold.out, BEGUN)
        anew = here.adapted(torch.tensor([until]), since, 0)
        for name, (one, model) in {
            "in service": (here, here.model),
            "mended": (here, anew),
            "no road": (there, there.model),
        }.items():
            errors[name].append(one.wrong(model)[:, later].mean(1))
    return {name: torch.cat(each) for name, each in errors.items()}
