"""Planted tasks hold their own truth: the function behind the labels, and exact Shapley values.

Rows are Gaussian with mean 0 and variance 1. A target is the function plus noise; a class is drawn
with the function as its log-odds, so the true model is the best there can be.
Chapter: book/concepts/learning_to_learn.ipynb. Chapter: book/concepts/why_explain.ipynb.
"""

from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Episode, Examples, Model
from metaxai_lab.tasks.planted_truth import Moments, PairwiseFunction, pairwise_shapley
from metaxai_lab.tasks.sampling import check_sizes

_MOST_ROUNDS = 1000  # each round halves the rows that still lack their class


@dataclass(frozen=True)
class PlantedTasks:
    """A stack of tasks whose truth is known; `PlantedFamily.tasks` draws one.

    Args:
        function: gives the target without noise, or the log-odds of class 1.
        relevant: the columns that act.
        heading: the direction, of length 1, in which drift moves the weights.
        covariance: of the columns, all of variance 1.
        kind: what the targets are.
        noise: its size in targets; 0 makes classes certain.
        spurious: correlation of the last column with the target, until a shift; 0 for none.
    """

    function: PairwiseFunction
    relevant: Bool[Tensor, "*tasks feature"]
    heading: Float[Tensor, "*tasks feature"]
    covariance: Float[Tensor, "feature feature"]
    kind: Literal["regression", "classification"]
    noise: float
    spurious: float

    @property
    def weights(self) -> Float[Tensor, "*tasks feature"]:
        """Return what each column adds to the output by itself."""
        return self.function.weights

    @property
    def products(self) -> Float[Tensor, "*tasks feature feature"]:
        """Return what each pair of columns adds by its product: symmetric, no diagonal."""
        return self.function.products

    def model(self) -> Model:
        """Return the true function as a model: one target column, or log-odds of two classes."""

        def model(x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row class"]:
            output = self.function(x)
            if self.kind == "regression":
                return output[..., None]
            return torch.stack([torch.zeros_like(output), output], -1)

        return model

    def shapley(
        self,
        x: Float[Tensor, "*tasks row feature"],
        background: Float[Tensor, "*any background feature"] | None = None,
    ) -> Attribution:
        """Return exact Shapley values of the true function: of the target, or of class 1.

        Args:
            background: the rows an absent column is taken from, with its neighbours in that row;
                where it is None, all rows there could be.
        """
        everything = Moments(torch.zeros_like(self.covariance[0]), self.covariance)
        averages = everything if background is None else Moments.of(background)
        unit = "target" if self.kind == "regression" else "log-odds"
        return pairwise_shapley(self.function, x, averages, unit=unit)

    def task(self, index: int) -> "PlantedTasks":
        """Return one task of the stack, for explainers that take one model at a time."""
        f = self.function
        one = PairwiseFunction(f.weights[index], f.products[index], f.bias[index])
        return replace(
            self, function=one, relevant=self.relevant[index], heading=self.heading[index]
        )

    def moved(self, drift: float | Float[Tensor, "*tasks"]) -> "PlantedTasks":
        """Return the same tasks later: weights `drift` times their own length further on.

        Only relevant columns move, each task in its own direction. A number per task makes the
        drift depend on the place in the stack: `tasks.moved(torch.linspace(0, 1, n_tasks))`.
        """
        length = self.weights.norm(dim=-1, keepdim=True)
        step = torch.as_tensor(drift).to(length)[..., None] * length * self.heading
        return replace(self, function=replace(self.function, weights=self.weights + step))

    def to(self, device: torch.device | str) -> "PlantedTasks":
        """Return the same tasks on `device`; what they draw lies there too."""
        f = self.function
        there = PairwiseFunction(f.weights.to(device), f.products.to(device), f.bias.to(device))
        return replace(
            self,
            function=there,
            relevant=self.relevant.to(device),
            heading=self.heading.to(device),
            covariance=self.covariance.to(device),
        )

    def draw(
        self,
        *,
        k_support: int,
        n_query: int,
        generator: Generator,
        drift: float = 0.0,
        shifted: bool = False,
    ) -> Episode:
        """Draw rows of each task; of classes, as many rows each as can be, in random order.

        The same seed with another `drift` or `shifted` draws the same chances, so that two episodes
        of a regression differ in nothing else.

        Args:
            k_support: support rows in all.
            drift: query rows come one after the other, and the weights behind the last of them are
                those of `moved(drift)`.
            shifted: the spurious column is noise in the query rows.

        Raises:
            ValueError: if a number is too small.
        """
        least = 2 if self.kind == "classification" else 1
        check_sizes(n_query=n_query)
        if k_support < least:
            raise ValueError(
                f"a task of {self.kind} needs k_support of at least {least}; found {k_support}."
            )
        support = self._rows(torch.zeros(k_support), generator, copied=True)
        later = drift * torch.arange(1, n_query + 1) / n_query
        query = self._rows(later, generator, copied=not shifted)
        return Episode(support, query, self.relevant[..., None, :].expand(query.x.shape).clone())

    def _rows(
        self, drift: Float[Tensor, " row"], generator: Generator, *, copied: bool
    ) -> Examples:
        if self.kind == "regression":
            x, f = self._outputs(drift, generator)
            y = f + self.noise * torch.randn(f.shape, generator=generator).to(x)
        else:
            x, y = self._balanced(drift, generator)
        if self.spurious:
            told = 2.0 * y - 1
            if self.kind == "regression":
                variance = self.function.gaussian_variance(self.covariance) + self.noise**2
                told = y / variance.sqrt()[..., None]
            chance = torch.randn(y.shape, generator=generator).to(x)
            copy = self.spurious * told + (1 - self.spurious**2) ** 0.5 * chance
            x[..., -1] = copy if copied else chance
        return Examples(x, y)

    def _balanced(
        self, drift: Float[Tensor, " row"], generator: Generator
    ) -> tuple[Float[Tensor, "*tasks row feature"], Int[Tensor, "*tasks row"]]:
        """Draw each row anew until it has its class; half the rows have class 1."""
        shape = (*self.relevant.shape[:-1], len(drift))
        order = torch.rand(shape, generator=generator).argsort(-1).to(self.relevant.device)
        wanted = order % 2 == 1
        x, found = self._labelled(drift, generator)
        for _ in range(_MOST_ROUNDS):
            missed = found != wanted
            if not bool(missed.any()):
                return x, wanted.long()
            again, label = self._labelled(drift, generator)
            x, found = torch.where(missed[..., None], again, x), torch.where(missed, label, found)
        raise RuntimeError(
            f"some class did not come in {_MOST_ROUNDS} draws of a row. Lower drift or interactions"
            ", so that both classes occur."
        )

    def _labelled(
        self, drift: Float[Tensor, " row"], generator: Generator
    ) -> tuple[Float[Tensor, "*tasks row feature"], Bool[Tensor, "*tasks row"]]:
        x, f = self._outputs(drift, generator)
        chance = torch.rand(f.shape, generator=generator).to(x)
        return x, chance < f.sigmoid() if self.noise else f > 0

    def _outputs(
        self, drift: Float[Tensor, " row"], generator: Generator
    ) -> tuple[Float[Tensor, "*tasks row feature"], Float[Tensor, "*tasks row"]]:
        """Draw rows, and what the function gives while its weights move on from row to row."""
        shape = (*self.relevant.shape[:-1], len(drift), self.relevant.shape[-1])
        white = torch.randn(shape, generator=generator).to(self.weights)
        x = white @ torch.linalg.cholesky(self.covariance).mT
        if not drift.any():
            return x, self.function(x)
        length = self.weights.norm(dim=-1)[..., None]
        further = drift.to(x) * length * (x @ self.heading[..., None])[..., 0]
        return x, self.function(x) + further
