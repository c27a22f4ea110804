"""A start for amortised explainers, learned over earlier models of the same table: Reptile.

All explainers go some steps from the start, each on the stored values of its own model; then the
start moves towards their mean, again and again. A new model's explainer begins there, and needs
fewer questions. Source: Nichol, Achiam & Schulman (2018), in its batched form.
Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.explainers.amortized_net import AmortizedNet, coalition_loss
from metaxai_lab.explainers.stored_values import StoredValues
from metaxai_lab.learners.outer_loop import meta_train


def reptile_start(
    stores: Sequence[StoredValues],
    *,
    width: int = 128,
    rounds: int = 30,
    inner_steps: int = 40,
    batch: int = 64,
    inner_lr: float = 3e-3,
    generator: Generator,
) -> AmortizedNet:
    """Return a network of one member from which each of several models is soon explained.

    Args:
        stores: what each earlier model said of its rows; all have the same columns.
        rounds: how often the start moves; by half of the way at first, by less and less then.
        batch: rows of each model in a step.

    Raises:
        ValueError: if there are no stores, or their columns differ.
    """
    columns = {store.rows.shape[1] for store in stores}
    if len(columns) != 1:
        raise ValueError(
            f"a start is learned from models of one table; found {len(stores)} stores of "
            f"{sorted(columns)} columns."
        )
    rows = torch.cat([store.rows for store in stores])
    start = AmortizedNet(rows, width=width, generator=generator)
    crowd = AmortizedNet(rows, width=width, n_members=len(stores), generator=generator)
    draws = [store.replay(1, batch) for store in stores]

    def draw(generator: Generator) -> Episode:
        return _side_by_side([one(generator) for one in draws])

    start, crowd = start.to(rows.device), crowd.to(rows.device)
    for done in range(rounds):
        _moved(crowd, start, 1.0)
        meta_train(
            crowd,
            draw,
            coalition_loss,
            steps=inner_steps,
            outer_lr=inner_lr,
            schedule="constant",
            generator=generator,
            device=rows.device,
            progress=False,
        )
        _moved(start, crowd, 0.5 * (1 - done / rounds))
    return start


@torch.no_grad()
def _moved(net: AmortizedNet, towards: AmortizedNet, share: float) -> None:
    """Move every member by a share of the way to the mean member of another network."""
    for weight, goal in zip(net.parameters(), towards.parameters(), strict=True):
        weight.lerp_(goal.mean(0, keepdim=True).expand_as(weight), share)


def _side_by_side(episodes: Sequence[Episode]) -> Episode:
    """Make each episode the one of a member."""
    parts: list[Tensor] = [
        torch.cat([getattr(getattr(one, part), name) for one in episodes])
        for part in ("support", "query")
        for name in ("x", "y")
    ]
    return Episode(Examples(parts[0], parts[1]), Examples(parts[2], parts[3]))
