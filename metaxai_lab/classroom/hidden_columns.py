"""Wide tables of which three columns act, the same three in all tasks or three of a task's own.

What a learner across tasks can save is to find them. Planted columns as in Chen et al. (2018),
section 4.1. Chapter: book/concepts/learning_to_learn.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Generator

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks import PlantedFamily

N_ACTING = 3


@dataclass(frozen=True)
class HiddenColumns:
    """A family of tables of independent columns; each task has weights of its own for three.

    Args:
        shared: "fixed" if the same columns act in all tasks, "pool" if each draws its own.
    """

    n_columns: int = 200
    shared: Literal["fixed", "pool"] = "fixed"

    def draw(self, n_tasks: int, *, k_shot: int, n_query: int, generator: Generator) -> Episode:
        """Draw tables with `k_shot` rows to learn from.

        The columns that act are drawn by themselves, as all of a planted family, and then hidden
        among the others: a table of few columns is quick to draw.
        """
        acting = PlantedFamily(n_features=N_ACTING, n_relevant=N_ACTING)
        narrow = acting.draw(
            k_support=k_shot, n_query=n_query, n_tasks=n_tasks, generator=generator
        )
        places = (torch.arange(N_ACTING) * self.n_columns // N_ACTING).expand(n_tasks, -1)
        if self.shared == "pool":
            chances = torch.rand(n_tasks, self.n_columns, generator=generator)
            places = chances.topk(N_ACTING).indices

        def hidden(rows: Examples) -> Examples:
            wide = torch.randn(*rows.y.shape, self.n_columns, generator=generator)
            return Examples(wide.scatter(-1, places[:, None].expand(rows.x.shape), rows.x), rows.y)

        acts = torch.zeros(n_tasks, self.n_columns, dtype=torch.bool).scatter(-1, places, True)
        truth = acts[:, None].expand(-1, n_query, -1).clone()
        return Episode(hidden(narrow.support), hidden(narrow.query), truth)

    def unseen(self, n_tasks: int, *, k_shot: int, seed: int) -> Episode:
        """Draw tables to be judged on, with 50 query rows each."""
        generator = seeded(2000 + seed)
        return self.draw(n_tasks, k_shot=k_shot, n_query=50, generator=generator)


SHARED = HiddenColumns()
OWN = HiddenColumns(shared="pool")
