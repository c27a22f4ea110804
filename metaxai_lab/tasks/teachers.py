"""Teachers to be explained from few questions: random models that may share which columns matter.

Each teacher is a network, or a sum of products and sines, or of another kind of random model, with
a table of its own. In a related family every teacher cares for the same columns, more or less, and
all else is its own. In an exchangeable family the same sizes of relevance fall on columns drawn
anew for each teacher, so that one teacher says nothing about the columns of the next.
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.random_models import FAMILIES, RandomModels, random_tables

SIZES = (3.0, 2.2, 1.5, 1.0, 0.5, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1)  # relevances, falling
SMOOTH = ("networks", "products")


@dataclass(frozen=True, eq=False)
class Teachers:
    """Teachers with the rows of their tables and what they answer there.

    Args:
        stacks: models of one kind and architecture each, which answer in one batch.
        relevance: how much each column was made to matter.
        rows: of the table of each teacher.
        answers: scores for these rows, with median 0 and standard deviation 1; the class of a row
            is whether its score is above 0.
    """

    stacks: tuple[RandomModels, ...]
    relevance: Float[Tensor, "task feature"]
    rows: Float[Tensor, "task row feature"]
    answers: Float[Tensor, "task row"]

    def __call__(self, x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row 1"]:
        """Return the score of each teacher for rows of its own."""
        counts = [len(stack.centre) for stack in self.stacks]
        parts = x.split(counts)
        return torch.cat([stack(part) for stack, part in zip(self.stacks, parts, strict=True)])

    def __len__(self) -> int:
        return len(self.rows)

    def episode(
        self, *, n_asked: int, n_query: int, n_teachers: int, generator: Generator
    ) -> Episode:
        """Draw some teachers, questions to each, and other rows whose answers are known too.

        Raises:
            ValueError: if a table has fewer rows than are drawn.
        """
        needed, found = n_asked + n_query, self.rows.shape[1]
        if min(n_asked, n_query, n_teachers) < 1 or needed > found:
            raise ValueError(
                f"an episode takes n_asked + n_query = {needed} rows of each table, 1 or more of "
                f"each kind and of teachers; these tables have {found} rows."
            )
        who = torch.randint(len(self), (n_teachers, 1), generator=generator)
        at = torch.rand(n_teachers, found, generator=generator).argsort(1)[:, :needed]
        who, at = who.to(self.rows.device), at.to(self.rows.device)
        x, y = self.rows[who, at], self.answers[who, at]
        first, rest = slice(None, n_asked), slice(n_asked, None)
        return Episode(Examples(x[:, first], y[:, first]), Examples(x[:, rest], y[:, rest]))


@dataclass(frozen=True)
class TeacherFamily:
    """What teachers share: how unlike their columns are, and whether these are the same for all.

    Args:
        order: the columns, from the one that matters most to the one that matters least.
        shared: whether all teachers keep that order; else each draws one of its own.
        sizes: how much these columns matter, each to a teacher by 0.6 to 1.4 of it.
        kinds: of models, which take turns; `random_models.FAMILIES` lists them.

    Raises:
        ValueError: if `order` does not name each of the columns once, or a kind is unknown.
    """

    order: tuple[int, ...] = tuple(range(len(SIZES)))
    shared: bool = True
    sizes: tuple[float, ...] = SIZES
    kinds: tuple[str, ...] = SMOOTH

    def __post_init__(self) -> None:
        if sorted(self.order) != list(range(len(self.sizes))):
            raise ValueError(
                f"order names the columns 0 to {len(self.sizes) - 1}, each once; found "
                f"{self.order}."
            )
        if not self.kinds or not set(self.kinds) <= set(FAMILIES):
            raise ValueError(f"kinds are among {', '.join(FAMILIES)}; found {self.kinds}.")

    def teachers(
        self, n_teachers: int, *, n_rows: int, n_stacks: int = 12, generator: Generator
    ) -> Teachers:
        """Draw teachers, and ask each about all rows of a table of its own.

        Args:
            n_stacks: architectures, drawn anew for each stack.

        Raises:
            ValueError: if there are fewer teachers than 1, or rows than 2.
        """
        if n_teachers < 1 or n_stacks < 1 or n_rows < 2:
            raise ValueError(
                "a teacher, a stack and two rows are the least; found "
                f"{n_teachers}, {n_stacks} and {n_rows}."
            )
        relevance = self.relevances(n_teachers, generator)
        rows = random_tables(n_teachers, len(self.sizes), n_rows=n_rows, generator=generator)
        parts = zip(relevance.chunk(n_stacks), rows.chunk(n_stacks), strict=True)
        stacks = tuple(
            _stack(self.kinds[i % len(self.kinds)], part, table, generator)
            for i, (part, table) in enumerate(parts)
        )
        drawn = Teachers(stacks, relevance, rows, rows.new_zeros(rows.shape[:-1]))
        return Teachers(stacks, relevance, rows, drawn(rows)[..., 0])

    def relevances(self, n_teachers: int, generator: Generator) -> Float[Tensor, "task feature"]:
        """Return how much each column matters to each teacher: a size, more or less."""
        order = torch.tensor(self.order).expand(n_teachers, -1)
        if not self.shared:
            order = torch.rand(n_teachers, len(self.sizes), generator=generator).argsort(1)
        sizes = torch.tensor(self.sizes) * (
            0.6 + 0.8 * torch.rand(order.shape, generator=generator)
        )
        return torch.zeros(order.shape).scatter(1, order, sizes)


def _stack(
    kind: str,
    relevance: Float[Tensor, "task feature"],
    rows: Float[Tensor, "task row feature"],
    generator: Generator,
) -> RandomModels:
    scores = FAMILIES[kind](relevance, generator)
    seen = scores(rows)
    scale = seen.std(1).clamp(min=1e-4)
    return RandomModels(kind, scores, rows, seen.median(1).values, scale, torch.zeros(len(rows)))
