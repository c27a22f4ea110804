"""Learners of several folds, trained side by side: as good as one after the other, and sooner.

Each has its own fold, its own start and its own tasks; only how many rows a support has is drawn
for all of them at once. Source: as for `tables_study`. Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Sequence

from torch import Generator

from metaxai_lab.classroom.tables_rivals import Rivals
from metaxai_lab.classroom.tables_study import Drawn, n_steps, untrained
from metaxai_lab.core import Episode, seeded
from metaxai_lab.learners import SharedStart, abreast, meta_train_side_by_side, start_loss


def train_all(
    found: Sequence[Rivals], *, seeds: Sequence[int], steps: int | None = None
) -> list[SharedStart]:
    """Train a learner for each fold as `tables_study.train` does, from its pooled line.

    Those with as many columns are trained side by side. At each step one number of support rows is
    drawn for all of them.
    """
    pairs = zip(found, seeds, strict=True)
    learners = [untrained(one.fold, one.pooled, seeded(seed)) for one, seed in pairs]
    alike: dict[int, list[int]] = {}
    for place, one in enumerate(found):
        alike.setdefault(len(one.pooled), []).append(place)
    for places in alike.values():
        drawn = [Drawn(found[place].fold, found[place].others) for place in places]

        def draw(generator: Generator, drawn: Sequence[Drawn] = drawn) -> Episode:
            k = min(drawn, key=lambda one: one.most).k(generator)
            return abreast([one(k, generator) for one in drawn])

        usual = {"steps": n_steps(steps), "outer_lr": 5e-3, "device": "cpu", "progress": False}
        here, generator = [learners[place] for place in places], seeded(seeds[places[0]])
        meta_train_side_by_side(here, draw, start_loss, generator=generator, **usual)
    return learners
