"""A Gaussian process over coalitions that adapts to a new model in a few steps.

The prior over games knows what all games have in common; this one finds out which columns matter to
the model in hand. Start: the closed form's own estimates say roughly how relevant each column is.
Then a few gradient steps raise the likelihood of the answers, which are paid for anyway. How to
start, how far to step, and how hard to hold on to the start are a dozen numbers, learned across
models *through* these steps. Sources: Finn, Abbeel & Levine (2017), for learning through steps;
Rasmussen & Williams (2006), section 5.4, for the likelihood.
Chapter: book/local/travelling_explainer.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from metaxai_lab.explainers.coalition_kernel import CoalitionKernel
from metaxai_lab.explainers.coalition_posterior import Joint, root_of, scale_of

FLOOR = 0.02  # of the mean size: what the start takes a column for that seems to do nothing
MOMENTUM, FURTHEST = 0.7, 0.7  # of a step, in log relevance


@dataclass(frozen=True)
class Adapted:
    """What a model's answers made of the process: log relevances, and the log linear weight."""

    log_relevance: Float[Tensor, "task feature"]
    log_linear: Float[Tensor, " task"]

    @property
    def relevance(self) -> Float[Tensor, "task feature"]:
        """Share of each column; they add up to 1 for each model."""
        return self.log_relevance.softmax(-1)


class CoalitionProcess(nn.Module):
    """The numbers that models have in common; `shapley` adapts them to each model it meets.

    All are float64, since answers are nearly free of noise. Any number of columns is served. The
    numbers begin where they say nothing: equal relevances, equal parts.
    """

    stretch: Tensor  # the spread is multiplied by exp(stretch[0]) K^stretch[1]

    def __init__(self) -> None:
        super().__init__()
        first = {
            "log_weights": [0.0, 0.0],  # of the two parts of the kernel
            "log_scales": [0.0, 0.0],
            "anchors": [-1.0, 1.0],  # through a sigmoid
            "log_linear": 0.0,
            "log_pull": -3.0,
            "log_noise": -7.0,
            "log_step": 0.0,
            "log_linear_step": -1.0,
            "trust": 0.0,  # exponent of the closed form's sizes, from which relevances start
        }
        self.shared = nn.ParameterDict(
            {name: torch.tensor(value, dtype=torch.float64) for name, value in first.items()}
        )
        self.register_buffer("stretch", torch.zeros(2, dtype=torch.float64))

    def joint(self, adapted: Adapted, masks: Bool[Tensor, "query feature"]) -> Joint:
        """Return how answers and Shapley values go together for models adapted to."""
        noise = self.shared["log_noise"].exp()
        return self._kernel(adapted).joint(masks.to(noise), noise)

    def _kernel(self, adapted: Adapted) -> CoalitionKernel:
        return CoalitionKernel(
            adapted.log_relevance.exp(),
            adapted.log_linear.exp(),
            self.shared["log_weights"].exp(),
            self.shared["log_scales"].exp(),
            self.shared["anchors"].sigmoid(),
        )

    def start(self, pilot: Float[Tensor, "task row feature"]) -> Adapted:
        """Return where adaptation begins: relevances after the sizes of a first estimate.

        Args:
            pilot: Shapley values by the closed form, each row divided by the size of its answers.
        """
        size = pilot.square().mean(-2).sqrt()
        size = size / size.mean(-1, keepdim=True).clamp(min=1e-12)
        relevance = self.shared["trust"] * torch.log(size + FLOOR)
        return Adapted(relevance, self.shared["log_linear"].expand(relevance.shape[:-1]))

    def adapt(
        self,
        answers: Float[Tensor, "task row query"],
        masks: Bool[Tensor, "query feature"],
        pilot: Float[Tensor, "task row feature"],
        steps: int,
    ) -> Adapted:
        """Return the process after some steps on the answers of all rows of each model.

        The steps can be differentiated through, where gradients are on.

        Args:
            answers: v(S) - v(no column), scaled row by row to a mean square of 1.
        """
        through = torch.is_grad_enabled()
        start = self.start(pilot)
        now = (start.log_relevance, start.log_linear)
        speed = (torch.zeros_like(now[0]), torch.zeros_like(now[1]))
        rates = (
            self.shared["log_step"].exp() * masks.shape[-1],
            self.shared["log_linear_step"].exp(),
        )
        for _ in range(steps):
            with torch.enable_grad():
                now = tuple(x if through else x.detach() for x in now)
                now = tuple(x if x.requires_grad else x.requires_grad_() for x in now)
                loss = self._surprise(Adapted(*now), start, answers, masks).sum()
                slopes = torch.autograd.grad(loss, now, create_graph=through)
            speed = tuple(MOMENTUM * v + s for v, s in zip(speed, slopes, strict=True))
            moved = (r * v for r, v in zip(rates, speed, strict=True))
            now = tuple(
                (x - m.clamp(-FURTHEST, FURTHEST)).clamp(-8.0, 4.0)
                for x, m in zip(now, moved, strict=True)
            )
        return Adapted(*now) if through else Adapted(now[0].detach(), now[1].detach())

    def shapley(
        self,
        answers: Float[Tensor, "task row query"],
        masks: Bool[Tensor, "query feature"],
        pilot: Float[Tensor, "task row feature"],
        steps: int = 10,
    ) -> tuple[Float[Tensor, "task row feature"], Float[Tensor, "task row feature"]]:
        """Return mean and standard deviation of the Shapley values of each row, once adapted.

        Args:
            answers: v(S) - v(no column), the first for all columns.
            pilot: Shapley values by the closed form.
        """
        size = answers.square().mean(-1, keepdim=True).sqrt().clamp(min=1e-12)
        adapted = self.adapt(answers / size, masks, pilot / size, steps)
        found, spread = self.joint(adapted, masks).shapley(answers)
        n_queries = torch.tensor(answers.shape[-1]).to(found)
        return found, spread * torch.exp(self.stretch[0] + self.stretch[1] * n_queries.log())

    def _surprise(
        self,
        adapted: Adapted,
        start: Adapted,
        answers: Float[Tensor, "task row query"],
        masks: Bool[Tensor, "query feature"],
    ) -> Float[Tensor, " task"]:
        """Return how unlikely the answers are, a query, with the price of leaving the start."""
        noise = self.shared["log_noise"].exp()
        root = root_of(self._kernel(adapted).asked(masks.to(noise)), noise)
        bits = 0.5 * scale_of(root, answers).clamp(min=1e-12).log().mean(-1)
        volume = root.diagonal(dim1=-2, dim2=-1).log().mean(-1)
        away = (adapted.log_relevance - start.log_relevance).square().mean(-1)
        return bits + volume + self.shared["log_pull"].exp() * away
