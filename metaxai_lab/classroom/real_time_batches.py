"""Items a second where a service may wait for several and explain them together.

The model is a network, which answers on whatever device it lies; a batch costs one call for each
tile of coalitions. Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Sequence
from time import perf_counter

import torch
from torch import nn

from metaxai_lab.classroom.real_time_explainers import Kept, kept_traveller
from metaxai_lab.classroom.travelling_study import Traveller
from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.explainers import Game
from metaxai_lab.tasks.streams import COLUMNS

WIDTH, ASKED, N_BACKGROUND = 128, 38, 32


def on_device(traveller: Traveller, device: torch.device) -> Kept:
    """Return a kept explainer of a network with random weights, all of it on a device."""
    n = len(COLUMNS)
    with initialised_with(seeded(0)):
        net = nn.Sequential(nn.Linear(n, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1)).to(device)
    background = torch.randn(N_BACKGROUND, n, generator=seeded(1))
    found = kept_traveller(Game(net.cpu(), background), traveller, ASKED)
    tile = 2**18 if device.type == "cuda" else 2**12  # of rows that fit the cache
    game = Game(net.to(device), background.to(device), tile=tile)
    return Kept(game, found.masks.to(device), found.lead.to(device))


def items_a_second(
    explain: Kept, sizes: Sequence[int] = (1, 16, 256), *, repeats: int = 5
) -> dict[int, float]:
    """Return how many items a second are explained, by the number that is explained together.

    The best of some repeats, on the wall; the first is not counted.
    """
    device, found = explain.lead.device, {}
    for size in sizes:
        rows = torch.randn(size, len(COLUMNS), generator=seeded(2)).to(device)
        spent = []
        for _ in range(repeats + 1):
            begun = perf_counter()
            explain(rows).cpu()  # which waits for the device
            spent.append(perf_counter() - begun)
        found[size] = size / min(spent[1:])
    return found
