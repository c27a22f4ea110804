"""The experiment on trees from few questions: who is asked, who labels, who grows, who judges.

All teachers of a bench are served in one batch. A teacher's table is cut into rows that may be
asked about, rows that nobody has answers for, and rows that judge.
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples, Model, at_scale, seeded
from metaxai_lab.evaluation.fidelity import fidelity
from metaxai_lab.evaluation.intervals import Interval, t_interval
from metaxai_lab.explainers.heap_trees import HeapTrees
from metaxai_lab.explainers.labeller import Labeller
from metaxai_lab.explainers.labeller_training import train_labeller
from metaxai_lab.explainers.split_prior import Cuts, cuts_of, grow_stack
from metaxai_lab.tasks.teachers import SIZES, SMOOTH, TeacherFamily, Teachers

N_ASKABLE, N_UNLABELLED, N_JUDGED = 120, 2000, 2000  # rows of a teacher's table
N_MET_ROWS = 160  # answers of each teacher that is met in training
STEPS = 5  # of adaptation
ALONE = (5, 20, 80)  # steps tried by a labeller that met nobody
N_CUTS = 31  # thresholds tried in a column of the unlabelled rows
SETTINGS = tuple((depth, least) for depth in (1, 2, 3) for least in (1, 3, 5))  # of CART
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Plan:
    """Teachers to learn from, teachers to be judged on, rounds of training."""

    n_met: int
    n_unseen: int
    rounds: int


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(60, 36, 100), full=Plan(300, 120, 400))


@dataclass(frozen=True, eq=False)
class Bench:
    """Teachers that were met and teachers that were not, of one family.

    Args:
        jitter: standard deviation of what is added to the rows that judge; 0 for none.
    """

    family: TeacherFamily
    met: Teachers
    unseen: Teachers
    seed: int
    jitter: float = 0.0

    def asked(self, n: int, *, classes: bool = False) -> Examples:
        """Return the first questions to each unseen teacher, with its scores, or 1 and -1."""
        y = self.unseen.answers[:, :n]
        return Examples(self.unseen.rows[:, :n], y.sign() if classes else y)

    @property
    def unlabelled(self) -> Float[Tensor, "task row feature"]:
        """The rows that cost nothing, since nobody answers for them."""
        return self.unseen.rows[:, N_ASKABLE : N_ASKABLE + N_UNLABELLED]

    @cached_property
    def cuts(self) -> Cuts:
        """The thresholds that a tree on the unlabelled rows may take."""
        return cuts_of(self.unlabelled, N_CUTS)

    @cached_property
    def judging(self) -> Float[Tensor, "task row feature"]:
        """The rows that judge."""
        rows = self.unseen.rows[:, -N_JUDGED:]
        return rows + self.jitter * torch.randn(rows.shape, generator=seeded(self.seed))

    def marks(self, trees: Model) -> Float[Tensor, " task"]:
        """Return the fidelity of each teacher's tree, in percent."""
        return 100 * fidelity(trees, self.unseen, self.judging).values.mean(-1)

    def jittered(self, size: float = 0.5) -> "Bench":
        """Return the same bench, judged by rows beside the data."""
        return replace(self, jitter=size)


def bench(
    seed: int,
    *,
    shared: bool = True,
    kinds: tuple[str, ...] = SMOOTH,
    n_met: int | None = None,
) -> Bench:
    """Draw a family with an order of columns of its own, teachers to meet and teachers to judge."""
    g, sizes = seeded(seed), plan()
    order = torch.randperm(len(SIZES), generator=g).tolist()
    family = TeacherFamily(tuple(order), shared, kinds=kinds)
    met = family.teachers(n_met or sizes.n_met, n_rows=N_MET_ROWS, n_stacks=20, generator=g)
    n_rows = N_ASKABLE + N_UNLABELLED + N_JUDGED
    unseen = family.teachers(
        sizes.n_unseen, n_rows=n_rows, n_stacks=18, generator=seeded(1000 + seed)
    )
    return Bench(family, met, unseen, seed)


def learn(on: Bench, *, by_column: bool = True, classes: bool = False, seed: int = 0) -> Labeller:
    """Meta-train a labeller on the teachers that were met.

    Args:
        by_column: with a relevance for each column; else one for all.
        classes: hear only which class a row is in, as 1 and -1.
    """
    labeller = Labeller(len(SIZES) if by_column else None)

    def draw(g: Generator) -> Episode:
        n_asked = int(torch.randint(20, 61, (), generator=g))
        drawn = on.met.episode(n_asked=n_asked, n_query=100, n_teachers=10, generator=g)
        if not classes:
            return drawn
        return Episode(Examples(drawn.support.x, drawn.support.y.sign()), drawn.query)

    train_labeller(labeller, draw, rounds=plan().rounds, most_steps=STEPS, generator=seeded(seed))
    return labeller


def labels(
    labeller: Labeller, on: Bench, n_asked: int, *, steps: int = STEPS, classes: bool = False
) -> Bool[Tensor, "task row"]:
    """Return the class that the labeller gives each unlabelled row, once it has asked."""
    return labels_along(labeller, on, n_asked, [steps], classes=classes)[0]


@torch.no_grad()
def labels_along(
    labeller: Labeller, on: Bench, n_asked: int, stops: Sequence[int], *, classes: bool = False
) -> list[Bool[Tensor, "task row"]]:
    """Return the same after each number of steps."""
    found = labeller.along(on.asked(n_asked, classes=classes), stops)
    return [each(on.unlabelled)[..., 0] > 0 for each in found]


def tree_from(on: Bench, said: Bool[Tensor, "task row"]) -> HeapTrees:
    """Return a tree of depth 3 for each teacher, read from labelled rows that nobody answered."""
    return grow_stack(on.unlabelled, said, cuts=on.cuts)


def cart(on: Bench, n_asked: int) -> Float[Tensor, " task"]:
    """Return the fidelity of CART on the answers alone, by the best of its settings.

    The setting is the best on the teachers that judge: chosen in its favour.
    """
    asked = on.asked(n_asked)
    cuts = cuts_of(asked.x)
    grown = (
        grow_stack(asked.x, asked.y > 0, depth=d, least_rows=n, cuts=cuts) for d, n in SETTINGS
    )
    return max((on.marks(trees) for trees in grown), key=lambda marks: float(marks.mean()))


def alone(on: Bench, n_asked: int, *, classes: bool = False) -> Float[Tensor, " task"]:
    """Return the fidelity by a labeller that met nobody, fitted by the best number of steps.

    The number is the best on the teachers that judge: chosen in its favour.
    """
    said = labels_along(Labeller(None), on, n_asked, ALONE, classes=classes)
    return max(
        (on.marks(tree_from(on, one)) for one in said), key=lambda marks: float(marks.mean())
    )


def ceiling(on: Bench) -> Float[Tensor, " task"]:
    """Return the fidelity of trees read from rows that the teacher itself has labelled."""
    answers = on.unseen.answers[:, N_ASKABLE : N_ASKABLE + N_UNLABELLED]
    return on.marks(tree_from(on, answers > 0))


def paired(ours: Sequence[Tensor], theirs: Sequence[Tensor]) -> Interval:
    """Return by how many points ours lead, over the teachers of all benches, and how surely."""
    return t_interval(torch.cat(list(ours)) - torch.cat(list(theirs)))
