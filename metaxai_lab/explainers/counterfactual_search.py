"""What would have changed the answer of any model: it is asked about every choice of steps.

One column, then two: all their steps where they are few, and evenly thinned ones where they are
many; then each change is walked back step by step as long as the answer stays turned. With every
step asked about, what is found for one or two columns is the cheapest there is. Also chance: as
many columns, drawn by lot, moved at the same price.
Source: Wachter, Mittelstadt & Russell (2018), section 2, for the question; the search is plain
enumeration. Chapter: book/applications/finance.ipynb.
"""

from itertools import combinations

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.counterfactual import Allowed, Best, Counterfactual, refuse_choice

TILE = 65536  # model rows asked at once


@torch.no_grad()
def search_counterfactual(
    model: Model,
    rows: Float[Tensor, "row feature"],
    allowed: Allowed,
    *,
    bound: float,
    most: int = 2,
    levels: int = 40,
    prefer: str = "cheapest",
) -> Counterfactual:
    """Return a change that takes the model's first output to `bound` or above, for each row.

    Args:
        most: the most columns that may change.
        levels: the most steps of a column that are asked about, before walking back.
        prefer: "cheapest" counts prices only; "fewest" counts columns first.

    Raises:
        ValueError: if `prefer` is neither of the two, or `most` is below 1.
    """
    refuse_choice(prefer, most)
    up, down = allowed.steps(rows)
    best = Best(rows, allowed, prefer, model(rows)[..., 0] >= bound)
    offered = [
        _levels(int(d), int(u), levels) for d, u in zip(down.amax(0), up.amax(0), strict=True)
    ]
    movable = [c for c, steps in enumerate(offered) if len(steps)]
    for size in range(1, most + 1):
        for columns in map(list, combinations(movable, size)):
            whole = torch.cartesian_prod(*(offered[c] for c in columns)).reshape(-1, size)
            for steps in whole.to(rows.device).split(max(1, TILE // len(rows))):
                inside = ((steps <= up[:, None, columns]) & (-steps <= down[:, None, columns])).all(
                    -1
                )
                asked = rows[:, None].expand(-1, len(steps), -1).clone()
                asked[..., columns] += steps * allowed.step[columns]
                turned = model(asked.flatten(0, 1))[..., 0].unflatten(0, asked.shape[:2]) >= bound
                best.offer(columns, steps.expand(len(rows), -1, -1), inside & turned)
    return _walked_back(model, best, bound)


def random_change(
    found: Counterfactual, allowed: Allowed, *, generator: Generator
) -> Float[Tensor, "row feature"]:
    """Return the rows with as many allowed columns moved at the same price, by lot."""
    up, down = (room.cpu() for room in allowed.steps(found.rows))
    chance = torch.rand(up.shape, generator=generator).masked_fill((up + down) == 0, -1)
    place = chance.argsort(1, descending=True).argsort(1)
    changed = (found.steps != 0).sum(1).cpu()
    picked = (place < changed[:, None]) & (chance >= 0)
    upwards = torch.rand(up.shape, generator=generator) * (up + down) < up
    cost = found.cost.cpu().nan_to_num(posinf=0.0) / changed.clamp_min(1)
    steps = (cost[:, None] / allowed.price.cpu()).round().long()
    steps = torch.where(upwards, torch.minimum(steps, up), -torch.minimum(steps, down)) * picked
    return found.rows + steps.to(found.rows.device) * allowed.step


def _levels(down: int, up: int, most: int) -> Tensor:
    """Return at most so many numbers of steps, without 0, both ends among them."""
    steps = torch.cat([torch.arange(-down, 0), torch.arange(1, up + 1)])
    if len(steps) <= most:
        return steps
    return steps[torch.linspace(0, len(steps) - 1, most).round().long()]


def _walked_back(model: Model, best: Best, bound: float) -> Counterfactual:
    """Take single steps back, the dearest column first, where the answer stays turned."""
    found, allowed = best.answer(), best.allowed
    for column in allowed.price.argsort(descending=True).tolist():
        while True:
            back = found.steps.clone()
            back[:, column] -= back[:, column].sign()
            still = model(found.rows + back * allowed.step)[..., 0] >= bound
            taken = still & found.found & (back[:, column] != found.steps[:, column])
            if not bool(taken.any()):
                break
            best.steps = torch.where(taken[:, None], back, found.steps)
            best.cost = torch.where(taken, (best.steps.abs() * allowed.price).sum(1), found.cost)
            found = best.answer()
    return found
