"""Families of tables made by code, so that the right explanation is known.

A family says what its tasks share; each task has relevant columns and weights of its own. The other
columns are noise, and may be made to mislead: correlated with the relevant ones, or a copy of the
target that ends with a shift. Planted columns as in Chen et al. (2018), section 4.1.
Chapter: book/concepts/learning_to_learn.ipynb. Chapter: book/concepts/why_explain.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode
from metaxai_lab.tasks.planted_tasks import PlantedTasks
from metaxai_lab.tasks.planted_truth import PairwiseFunction
from metaxai_lab.tasks.sampling import distinct


@dataclass(frozen=True)
class PlantedFamily:
    """What the tasks of a family share.

    Weights are scaled so that, over independent columns and without noise, a target has a variance
    of about 1, however many columns act; a product of correlated columns raises it.

    "fixed" gives all tasks the same relevant columns, spread evenly over the table; "pool" lets
    each task draw them from `n_pool` such columns; "block" from one block of neighbours.

    Raises:
        ValueError: if the knobs contradict each other.
    """

    n_features: int = 10  # columns, the spurious one included
    n_relevant: int = 3  # columns that act, in each task
    kind: Literal["regression", "classification"] = "regression"
    shared: Literal["fixed", "pool", "block"] = "fixed"  # how tasks share the relevant columns
    n_pool: int | None = None  # columns of the pool; all where None
    block_size: int = 5  # neighbours in a block, of relevance and of correlation
    interactions: tuple[tuple[int, int], ...] = ()  # (0, 2): first and third relevant one multiply
    likeness: float = 0.0  # mean product of the weights two tasks give a column; 1: equal weights
    noise: float = 0.1  # added to targets; classes come from Bernoulli(sigmoid(f / noise))
    correlation: float = 0.0  # of neighbours; 0: independent columns
    correlated: Literal["block", "ar1"] = "block"  # equal in a block, or fading with distance
    spurious: float = 0.0  # correlation of the last column with the target, until a shift

    def __post_init__(self) -> None:
        _refuse_unknown_words(self)
        _refuse_unfit_columns(self)
        _refuse_unfit_numbers(self)

    def draw(
        self,
        *,
        k_support: int,
        n_query: int,
        n_tasks: int,
        generator: Generator,
        drift: float = 0.0,
        shifted: bool = False,
    ) -> Episode:
        """Draw new tasks and rows of each, stacked; `PlantedTasks.draw` says what the knobs do."""
        tasks = self.tasks(n_tasks, generator=generator)
        return tasks.draw(
            k_support=k_support,
            n_query=n_query,
            generator=generator,
            drift=drift,
            shifted=shifted,
        )

    def tasks(self, n_tasks: int, *, generator: Generator) -> PlantedTasks:
        """Draw tasks with their truth; rows come from their own `draw`.

        Raises:
            ValueError: if `n_tasks` is below 1.
        """
        if n_tasks < 1:
            raise ValueError(f"a stack of tasks needs n_tasks of at least 1; found {n_tasks}.")
        columns = self._relevant_columns(n_tasks, generator)
        empty = torch.zeros(n_tasks, self.n_features)
        heading = torch.randn(columns.shape, generator=generator)
        heading = empty.scatter(1, columns, heading / heading.norm(dim=1, keepdim=True))
        return PlantedTasks(
            self._function(columns, generator),
            relevant=empty.bool().scatter(1, columns, True),
            heading=heading,
            covariance=self.covariance(),
            kind=self.kind,
            noise=self.noise,
            spurious=self.spurious,
        )

    def covariance(self) -> Float[Tensor, "feature feature"]:
        """Return the correlations of the columns before any copies the target."""
        place = torch.arange(self._n_free)
        if self.correlated == "ar1":
            among = torch.tensor(self.correlation) ** (place[:, None] - place).abs()
        else:
            block = place // self.block_size
            among = self.correlation * (block[:, None] == block).float()
        whole = torch.eye(self.n_features)
        whole[: self._n_free, : self._n_free] = among.fill_diagonal_(1.0)
        return whole

    @property
    def _n_free(self) -> int:
        return self.n_features - (self.spurious != 0)

    def _relevant_columns(self, n_tasks: int, g: Generator) -> Int[Tensor, "task relevant"]:
        if self.shared == "block":
            block = torch.randint(self._n_free // self.block_size, (n_tasks, 1), generator=g)
            within = distinct(self.block_size, self.n_relevant, (n_tasks,), g)
            return (block * self.block_size + within).sort(1).values
        n_pool = self.n_relevant if self.shared == "fixed" else self.n_pool or self._n_free
        pool = torch.arange(n_pool) * self._n_free // n_pool
        return pool[distinct(n_pool, self.n_relevant, (n_tasks,), g)].sort(1).values

    def _function(self, columns: Int[Tensor, "task relevant"], g: Generator) -> PairwiseFunction:
        """Draw weights, in the unit of the output: of the target, or log-odds if there is noise."""
        n_tasks, n_pairs = len(columns), len(self.interactions)
        size = 1 / (self.n_relevant + n_pairs) ** 0.5
        if self.kind == "classification":
            size /= self.noise or 1.0
        signs = 1.0 - 2.0 * (columns % 2)
        weights = size * self._amounts(signs, g)
        acting = size * self._amounts(torch.ones(n_tasks, n_pairs), g)
        products = torch.zeros(n_tasks, self.n_features, self.n_features)
        if n_pairs:
            pairs = columns[:, torch.tensor(self.interactions)]
            task = torch.arange(n_tasks)[:, None]
            products[task, pairs[..., 0], pairs[..., 1]] = acting
            products = products + products.mT
        whole = torch.zeros(n_tasks, self.n_features).scatter(1, columns, weights)
        centre = -(products * self.covariance()).sum((1, 2)) / 2
        return PairwiseFunction(whole, products, centre)

    def _amounts(self, shared: Float[Tensor, "task x"], g: Generator) -> Float[Tensor, "task x"]:
        """Mix what tasks share with a draw of random sign and mean square 1, never near 0."""
        sign = 2.0 * torch.randint(2, shared.shape, generator=g) - 1
        own = sign * (0.5 + torch.rand(shared.shape, generator=g)) / (13 / 12) ** 0.5
        return self.likeness**0.5 * shared + (1 - self.likeness) ** 0.5 * own


def _refuse_unknown_words(family: PlantedFamily) -> None:
    known = {
        "kind": ("regression", "classification"),
        "shared": ("fixed", "pool", "block"),
        "correlated": ("block", "ar1"),
    }
    for knob, words in known.items():
        found = getattr(family, knob)
        if found not in words:
            raise ValueError(f"{knob} needs one of {', '.join(words)}; found {found!r}.")


def _refuse_unfit_columns(family: PlantedFamily) -> None:
    n_free, n_relevant = family._n_free, family.n_relevant
    room = {"fixed": n_free, "pool": family.n_pool or n_free, "block": family.block_size}
    room = room[family.shared]
    if not 1 <= room <= n_free:
        raise ValueError(
            f"a {family.shared} needs 1 to {n_free} columns, those that may act; found {room}."
        )
    if not 1 <= n_relevant <= room:
        raise ValueError(
            f"n_relevant needs 1 to {room} columns here (shared={family.shared!r}); found "
            f"{n_relevant}. Lower n_relevant, or widen the table, pool or block."
        )
    for pair in family.interactions:
        if len(set(pair)) != 2 or not all(0 <= i < n_relevant for i in pair):
            raise ValueError(
                f"an interaction needs two different numbers from 0 to {n_relevant - 1}, which "
                f"count the relevant columns; found {pair}."
            )
    if len({frozenset(pair) for pair in family.interactions}) < len(family.interactions):
        raise ValueError(f"each interaction may come once; found {family.interactions}.")


def _refuse_unfit_numbers(family: PlantedFamily) -> None:
    if not family.noise >= 0:
        raise ValueError(f"noise needs to be 0 or more; found {family.noise}.")
    if family.block_size < 1:
        raise ValueError(f"a block needs at least 1 column; found {family.block_size}.")
    for knob, most in (("likeness", 1.0), ("correlation", 0.999), ("spurious", 1.0)):
        found = getattr(family, knob)
        if not 0 <= found <= most:
            raise ValueError(f"{knob} needs to lie between 0 and {most}; found {found}.")
