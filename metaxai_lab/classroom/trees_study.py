"""What the page on trees and rules measures: teachers, surrogates of many shapes, odd rows.

Source: Craven & Shavlik (1996) for asking a teacher, also about rows that nobody has seen.
Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Model, at_scale, seeded
from metaxai_lab.evaluation import fidelity
from metaxai_lab.explainers import (
    RuleList,
    Tree,
    TreeSum,
    distil_figs,
    distil_rules,
    distil_tree,
    grow_tree,
    optimal_surrogate,
)
from metaxai_lab.explainers.classes import asked_classes
from metaxai_lab.explainers.optimal_trees import questions
from metaxai_lab.explainers.trees import LEAF
from metaxai_lab.tasks import PlantedFamily
from metaxai_lab.tasks.random_models import RandomModels, random_models, random_tables

Rows = Float[Tensor, "row feature"]
Readable = Tree | TreeSum | RuleList
FAMILIES = ("networks", "products", "trees")
N_COLUMNS = 8


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_teachers: int  # random ones, of each family
    n_asked: int  # rows of each
    n_new: int  # rows of each, on which fidelity is measured
    n_samples: int  # of rows, for trees grown again


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(20, 600, 2000, 8), full=Plan(100, 1200, 4000, 30))


@dataclass(frozen=True)
class Teacher:
    """A model with rows to ask it about, and new rows to judge its surrogates on."""

    model: Model
    asked: Float[Tensor, "row feature"]
    new: Float[Tensor, "other feature"]


@dataclass(frozen=True)
class Measured:
    """A surrogate's fidelity on the rows asked and on new ones, and its size."""

    asked: float
    new: float
    n_leaves: int
    rule_length: float


def random_teachers(plan: Plan, *, generator: Generator) -> list[Teacher]:
    """Draw random models of three families; half of each one's rows are of class 1."""
    found = []
    for family in FAMILIES:
        for _ in range(plan.n_teachers):
            stack = random_models(family, n_models=1, n_features=N_COLUMNS, generator=generator)
            n_rows = plan.n_asked + plan.n_new
            x = random_tables(1, N_COLUMNS, n_rows=n_rows, generator=generator)
            model = _centred(stack, stack.scores(x).median())
            found.append(Teacher(model, x[0, : plan.n_asked], x[0, plan.n_asked :]))
    return found


def _centred(stack: RandomModels, middle: Tensor) -> Model:
    return lambda x: (stack.scores(x[None])[0] - middle)[:, None]


SHAPES: Mapping[str, Callable[[Model, Rows], Readable]] = {
    **{
        f"CART, depth {d}": lambda f, x, d=d: distil_tree(f, x, depth=d).merged()
        for d in (1, 2, 3, 4)
    },
    **{
        f"CART, {n} leaves": lambda f, x, n=n: distil_tree(f, x, depth=None, n_leaves=n).merged()
        for n in (4, 8, 13)
    },
    **{f"optimal, depth {d}": lambda f, x, d=d: optimal_surrogate(f, x, depth=d) for d in (2, 3)},
    **{f"FIGS, {n} questions": lambda f, x, n=n: distil_figs(f, x, n_questions=n) for n in (3, 7)},
    **{f"rule list, {n} rules": lambda f, x, n=n: distil_rules(f, x, n_rules=n) for n in (3, 7)},
}


def measured(surrogate: Readable, teacher: Teacher) -> Measured:
    """Ask a surrogate and its teacher about the same rows."""
    asked, new = (fidelity(surrogate, teacher.model, x).mean for x in (teacher.asked, teacher.new))
    return Measured(asked, new, surrogate.n_leaves, surrogate.rule_length)


def greedy_on_the_same_questions(
    teacher: Teacher, *, depth: int = 3, n_thresholds: int = 8
) -> Measured:
    """Grow a tree by CART that may ask only what the optimal tree may ask, and measure it."""
    column, threshold = questions(teacher.asked, n_thresholds=n_thresholds)

    def answers(x: Rows) -> Float[Tensor, "row question"]:
        return (x[:, column] <= threshold).to(x)

    labels, _ = asked_classes(teacher.model, teacher.asked)
    tree = grow_tree(answers(teacher.asked), labels, depth=depth).merged()
    asked, new = (
        fidelity(lambda x: tree(answers(x)), teacher.model, x).mean
        for x in (teacher.asked, teacher.new)
    )
    return Measured(asked, new, tree.n_leaves, tree.rule_length)


def exchanged(x: Rows, n_times: int = 1, *, generator: Generator) -> Float[Tensor, "drawn feature"]:
    """Let rows exchange their values, each column by itself, and lay such tables end to end.

    Every value was seen, and every column keeps its values; only their combinations are new.
    """
    order = torch.rand(n_times, *x.shape, generator=generator).argsort(1).to(x.device)
    return x.expand(n_times, -1, -1).gather(1, order).flatten(0, 1)


def resampled_trees(
    model: Model, x: Rows, n_samples: int, *, depth: int, generator: Generator
) -> list[Tree]:
    """Draw as many rows again, with replacement, and distil a tree from each such sample."""
    drawn = torch.randint(len(x), (n_samples, len(x)), generator=generator).to(x.device)
    return [distil_tree(model, x[rows], depth=depth).merged() for rows in drawn]


def columns_asked(tree: Tree) -> set[int]:
    """Return the columns that a tree asks about."""
    return set(tree.column[tree.column != LEAF].tolist())


def likeness(trees: list[Tree], x: Rows) -> tuple[float, float]:
    """Return for pairs of trees the mean share of rows they agree on, and of columns they share.

    The share of columns is of those that either asks about.
    """
    classes = [asked_classes(tree, x)[0] for tree in trees]
    columns = [columns_asked(tree) for tree in trees]
    same = [float((a == b).float().mean()) for a, b in combinations(classes, 2)]
    shared = [len(a & b) / max(1, len(a | b)) for a, b in combinations(columns, 2)]
    return sum(same) / len(same), sum(shared) / len(shared)


def planted_teacher(
    correlation: float, *, n_rows: int = 1000, seed: int
) -> tuple[Teacher, Bool[Tensor, " feature"]]:
    """Return a model that reads 3 of 12 columns, with rows, and which columns it reads.

    Columns come in blocks of four neighbours that correlate.
    """
    family = PlantedFamily(
        n_features=12,
        n_relevant=3,
        kind="classification",
        shared="pool",
        correlation=correlation,
        block_size=4,
    )
    tasks = family.tasks(1, generator=seeded(seed))
    rows = tasks.draw(k_support=n_rows, n_query=n_rows, generator=seeded(100 + seed))
    function = tasks.function

    def model(x: Rows) -> Float[Tensor, "row 1"]:
        return function(x[None])[0][:, None]

    return Teacher(model, rows.support.x[0], rows.query.x[0]), tasks.relevant[0]
