"""Wide tables of which three columns act, the same three in all tasks or three of a task's own.

What a learner across tasks can save is to find them. Planted columns as in Chen et al. (2018),
section 4.1. Chapter: book/concepts/learning_to_learn.ipynb.
"""

from typing import Literal

import torch
from torch import Generator

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks import PlantedFamily

N_COLUMNS, N_ACTING = 200, 3
Shared = Literal["fixed", "pool"]  # the same columns act in all tasks, or each task draws its own


def draw_tables(
    n_tasks: int, *, k_shot: int, n_query: int, shared: Shared, generator: Generator
) -> Episode:
    """Draw tables of which three columns act, with weights of a task's own; the others are noise.

    The columns that act are drawn by themselves, as all of a planted family, and then hidden among
    the others: a table of few columns is quick to draw.
    """
    acting = PlantedFamily(n_features=N_ACTING, n_relevant=N_ACTING)
    narrow = acting.draw(k_support=k_shot, n_query=n_query, n_tasks=n_tasks, generator=generator)
    places = (torch.arange(N_ACTING) * N_COLUMNS // N_ACTING).expand(n_tasks, -1)
    if shared == "pool":
        places = torch.rand(n_tasks, N_COLUMNS, generator=generator).topk(N_ACTING).indices

    def hidden(rows: Examples) -> Examples:
        wide = torch.randn(*rows.y.shape, N_COLUMNS, generator=generator)
        return Examples(wide.scatter(-1, places[:, None].expand(rows.x.shape), rows.x), rows.y)

    truth = torch.zeros(n_tasks, N_COLUMNS, dtype=torch.bool).scatter(-1, places, True)
    truth = truth[:, None].expand(-1, n_query, -1).clone()
    return Episode(hidden(narrow.support), hidden(narrow.query), truth)


def some_tables(n_tasks: int, *, k_shot: int, seed: int, shared: Shared = "fixed") -> Episode:
    """Draw tables of unseen tasks with `k_shot` rows to learn from."""
    g = seeded(2000 + seed)
    return draw_tables(n_tasks, k_shot=k_shot, n_query=50, shared=shared, generator=g)
