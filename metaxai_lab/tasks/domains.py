"""Domains of pictures: letters, digits, accents, signs and scenes by code, and real sets in grey.

In all of them a picture has 28 x 28 pixels, and a class 20 pictures at most, so that tasks of one
domain look like tasks of another. A domain's blank, the median brightness along the edges, is taken
off: 0 means that nothing is there. Where the right reason is known, a mask marks its pixels. Tasks
are drawn by `any_way`: a domain, classes, then unequal shots (Triantafillou et al., 2020).
Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks.any_way import LEAST_WAY, draw_any_way
from metaxai_lab.tasks.picture_table import PictureTable

SIDE, MOST_ITEMS = 28, 20


@dataclass(frozen=True)
class Domain:
    """Classes of pictures that belong together, with masks where the right reason is known.

    Args:
        pictures: 28 x 28, grey.
        masks: 255 where a pixel is the right reason, picture by picture; None where nobody knows.

    Raises:
        ValueError: if there are fewer than five classes, or the masks are not as many.
    """

    name: str
    pictures: PictureTable
    masks: PictureTable | None = None

    def __post_init__(self) -> None:
        if len(self.pictures.counts) < LEAST_WAY:
            raise ValueError(
                f"a task of a domain tells {LEAST_WAY} classes or more apart; the domain "
                f"{self.name!r} has {len(self.pictures.counts)}. Give it more classes, or add its "
                "pictures to another domain."
            )
        if self.masks is not None and len(self.masks.pixels) != len(self.pictures.pixels):
            raise ValueError(
                f"the domain {self.name!r} has {len(self.pictures.pixels)} pictures and "
                f"{len(self.masks.pixels)} masks. Give one for each picture."
            )

    @property
    def blank(self) -> float:
        """The brightness that stands for nothing, from 0 to 1: the median along the edges."""
        squares = self.pictures.pixels.view(-1, SIDE, SIDE)
        edges = torch.cat([squares[:, [0, -1]].flatten(), squares[:, :, [0, -1]].flatten()])
        return float(edges.median()) / 255

    def classes(self, rows: Int[Tensor, " chosen"]) -> "Domain":
        """Return the domain of the chosen classes."""
        masks = None if self.masks is None else self.masks.classes(rows)
        return replace(self, pictures=self.pictures.classes(rows), masks=masks)

    def halves(self, *, seed: int) -> tuple["Domain", "Domain"]:
        """Divide the classes by lot: half to train on, the others to be judged on.

        A class that was turned by quarters stays on one side with all its turns.

        Raises:
            ValueError: if a half has fewer than five classes.
        """
        kinds = [name.partition(" turned ")[0] for name in self.pictures.names]
        known = sorted(set(kinds))
        order = torch.randperm(len(known), generator=seeded(seed)).tolist()
        first = {known[place] for place in order[: len(known) // 2]}
        inside = torch.tensor([kind in first for kind in kinds])
        return self.classes(inside.nonzero()[:, 0]), self.classes((~inside).nonzero()[:, 0])


def draw_from(domains: Sequence[Domain], *, generator: Generator) -> Episode:
    """Draw one any-way any-shot task of a domain, all equally likely; blank pixels are 0.

    The truth marks the right reason of each query row, where the domain knows it.

    Raises:
        ValueError: if there is no domain.
    """
    if not domains:
        raise ValueError("tasks come from one domain or more; found none.")
    domain = domains[int(torch.randint(len(domains), (), generator=generator))]
    state = generator.get_state()
    drawn = draw_any_way([domain.pictures], generator=generator)
    truth = None
    if domain.masks is not None:  # one seed draws the same places from both tables
        again = Generator().set_state(state)
        truth = draw_any_way([domain.masks], generator=again).query.x > 0.5
    support, query = (
        Examples(part.x - domain.blank, part.y) for part in (drawn.support, drawn.query)
    )
    return Episode(support, query, truth)


def fewer(table: PictureTable, most: int = MOST_ITEMS) -> Int[Tensor, " picture"]:
    """Return the numbers of the first `most` pictures of each class."""
    place = torch.arange(len(table.pixels)) - table.starts.repeat_interleave(table.counts)
    return (place < most).nonzero().flatten()
