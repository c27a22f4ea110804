"""A labeller: asked a few questions of a teacher, it answers for the teacher on all other rows.

It is a Gaussian process whose relevance of each column is learned across teachers. Where teachers
care for the same columns, it knows them before the first answer, and needs no step of adaptation;
a few steps raise the likelihood of the answers, where a teacher is unlike the others. How far to
step and how hard to hold on to the start are learned with it. Sources: Rasmussen & Williams (2006),
section 5.4, for the likelihood; Finn, Abbeel & Levine (2017) for learning where steps begin.
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.explainers.labeller_kernel import Kernel, Posterior

LEAST_NOISE = 1e-3  # of an answer's variance; keeps the factors of near-equal rows stable
MOMENTUM, FURTHEST = 0.7, 0.5  # of a step, in log relevance


class Labeller(nn.Module):
    """A Gaussian process whose numbers are learned across teachers.

    Args:
        n_features: columns that all teachers share, in one order, each with a relevance of its own;
            None for one relevance that all columns have in common, in tables of any width.
    """

    def __init__(self, n_features: int | None) -> None:
        super().__init__()
        if n_features is not None and n_features < 1:
            raise ValueError(
                f"a labeller has n_features of 1 or more, or None; found {n_features}."
            )
        self.n_features = n_features
        self.log_relevance = nn.Parameter(torch.full((n_features or 1,), -1.0))
        first = {"linear": -2.0, "constant": -2.0, "noise": -5.0, "pull": -3.0, "step": 0.0}
        self.log = nn.ParameterDict({n: torch.tensor(v) for n, v in first.items()})

    def adapt(self, asked: Examples, steps: int = 0) -> Posterior:
        """Return what the labeller thinks of all rows, once it has heard some answers.

        Args:
            asked: rows and the teacher's scores; of one teacher, or of a stack. Scores may be in
                any unit, with 0 between the classes; columns are standardised.
            steps: of adaptation of the relevances to the teacher at hand.

        Raises:
            ValueError: if there is no row, a value is NaN or infinite, or the columns are not as
                many as the labeller was made for.
        """
        return self.along(asked, [steps])[0]

    def along(self, asked: Examples, stops: Sequence[int]) -> list[Posterior]:
        """Return the same after each number of steps, from one way through all of them.

        Raises:
            ValueError: as `adapt` does.
        """
        self._refuse(asked)
        shape = (*asked.x.shape[:-2], asked.x.shape[-1])
        start = self.log_relevance.to(asked.x).expand(shape)
        way = list(islice(self._way(start, asked), max(stops) + 1))
        return [Posterior(self._kernel(way[stop]), asked) for stop in stops]

    def _kernel(self, log_relevance: Float[Tensor, "*tasks feature"]) -> Kernel:
        part = {n: self.log[n].exp().to(log_relevance) for n in ("linear", "constant", "noise")}
        return Kernel(
            log_relevance.exp(), part["linear"], part["constant"], part["noise"] + LEAST_NOISE
        )

    def _way(
        self, start: Float[Tensor, "*tasks feature"], asked: Examples
    ) -> Iterator[Float[Tensor, "*tasks feature"]]:
        """Yield the relevances, as logarithms, after no step, one, two and so on."""
        through, now, speed = torch.is_grad_enabled(), start, torch.zeros_like(start)
        while True:
            yield now if through else now.detach()
            with torch.enable_grad():
                now = now if through else now.detach().requires_grad_()
                found = Posterior(self._kernel(now), asked)
                surprising, slope = found.covariance, found.slope()
                (slope,) = torch.autograd.grad(surprising, now, slope, create_graph=through)
                back = 2 * self.log["pull"].exp() * (now - start) / now.shape[-1]
            speed = MOMENTUM * speed + slope + back
            now = now - (self.log["step"].exp() * speed).clamp(-FURTHEST, FURTHEST)

    def _refuse(self, asked: Examples) -> None:
        n_rows, n_columns = asked.x.shape[-2:]
        if self.n_features not in (None, n_columns):
            raise ValueError(
                f"this labeller knows {self.n_features} columns by a relevance of their own; found "
                f"{n_columns}. Give these columns, or use Labeller(None) for any width."
            )
        if n_rows < 1:
            raise ValueError("a labeller needs the answer to one question at least; found none.")
        if not bool(asked.x.isfinite().all() and asked.y.isfinite().all()):
            raise ValueError(
                "a labeller needs finite rows and answers; found NaN or infinity. Leave such rows "
                "out before asking."
            )
