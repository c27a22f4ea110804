"""What learning across tasks is compared with: a net for each task alone, and one net for all.

`Scratch` trains a fresh net on the support rows and knows no other task. `Pooled` learned from the
rows of all tasks together, as if they were one, and may be tuned further on the support rows. Both
use Adam in place of plain steps, and `tune` looks for their best settings, so that they are strong.
Source: Finn, Abbeel & Levine (2017), section 5.1, for the pooled net.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.func import stack_module_state

from metaxai_lab.core import Episode, Examples, fork, initialised_with, seeded
from metaxai_lab.learners.base_nets import AdaptedModel, stacked
from metaxai_lab.learners.fitting import Knobs, fitted
from metaxai_lab.learners.inner_loop import task_losses


class Scratch(nn.Module):
    """Fits a fresh net to each task; there is nothing to train across tasks.

    Args:
        make: returns a new net; called once for each task, with torch's global generator set.
        generator: the starts come from it: task i of any stack begins at start i.

    Raises:
        ValueError: if a setting is out of range.
    """

    def __init__(
        self, make: Callable[[], nn.Module], knobs: Knobs | None = None, *, generator: Generator
    ) -> None:
        super().__init__()
        self.make, self.knobs = make, knobs or Knobs()
        self.seed = fork(generator).initial_seed()
        self.net = self._fresh(1)[0].requires_grad_(False)

    def adapt(self, support: Examples, steps: int | None = None) -> AdaptedModel:
        """Return a net that saw the support rows alone, for one task or a stack of them.

        Raises:
            DivergedError: if a loss or a weight is not finite.
            ValueError: if a label is not one of the net's classes, or `steps` is negative.
        """
        return self.along(support, [self.knobs.inner_steps if steps is None else steps])[0]

    def along(self, support: Examples, stops: Sequence[int]) -> list[AdaptedModel]:
        """Return the models after each number of steps, from one way through all of them."""
        n_tasks = support.y.shape[:-1].numel()
        weights = stack_module_state(self._fresh(n_tasks))[0]
        start = {name: w.to(support.x.device) for name, w in weights.items()}
        return fitted(self.net, start, support, self.knobs, stops)

    def _fresh(self, n_nets: int) -> list[nn.Module]:
        with initialised_with(seeded(self.seed)):
            return [self.make() for _ in range(n_nets)]


class Pooled(nn.Module):
    """One net for all tasks, trained with `pooled_loss`; fixed, or fitted further to each task.

    Labels must mean the same in all tasks: where classes are numbered anew, it learns nothing.

    Args:
        knobs: how it is fitted to the support rows; not at all if None.
    """

    def __init__(self, net: nn.Module, knobs: Knobs | None = None) -> None:
        super().__init__()
        self.net, self.knobs = net, knobs or Knobs(inner_steps=0)

    def adapt(self, support: Examples, steps: int | None = None) -> AdaptedModel:
        """Return the net, fitted to the support rows from where the pool left it.

        Raises:
            DivergedError: if a loss or a weight is not finite; the learner is as it was.
            ValueError: if a label is not one of the net's classes, or `steps` is negative.
        """
        return self.along(support, [self.knobs.inner_steps if steps is None else steps])[0]

    def along(self, support: Examples, stops: Sequence[int]) -> list[AdaptedModel]:
        """Return the models after each number of steps, from one way through all of them."""
        n_tasks = support.y.shape[:-1].numel()
        start = stacked(dict(self.net.named_parameters()), n_tasks)
        return fitted(self.net, start, support, self.knobs, stops)


def pooled_loss(learner: Pooled, episode: Episode) -> Float[Tensor, ""]:
    """Return the mean loss of all rows of all tasks, support and query, without adapting."""
    losses = [
        task_losses(learner.net(rows.x), rows.y).mean() * rows.y.numel()
        for rows in (episode.support, episode.query)
    ]
    return sum(losses, start=losses[0].new_zeros(())) / (
        episode.support.y.numel() + episode.query.y.numel()
    )


@dataclass(frozen=True)
class Trial:
    """What a setting was worth on the tasks it was tried on; lower is better."""

    knobs: Knobs
    loss: float


def tune(
    learner: Scratch | Pooled,
    validation: Episode,
    *,
    inner_lrs: Sequence[float] = (0.003, 0.01, 0.03, 0.1),
    inner_steps: Sequence[int] = (10, 30, 100, 300),
    weight_decays: Sequence[float] = (0.0, 0.1, 1.0),
    judge: Callable[[Tensor, Tensor], Tensor] = task_losses,
) -> list[Trial]:
    """Give `learner` the settings with the lowest mean query loss on `validation` tasks.

    Choose on tasks that are not judged later, with as many support rows as will be judged: a fair
    comparison gives the baseline its best setting for each number of shots.

    Args:
        judge: outputs and targets to what is to be low: a loss, or a share of errors.

    Returns:
        all trials, best first. If the best lies at the end of a range, the range was too short.
    """
    trials = []
    for inner_lr, weight_decay in product(inner_lrs, weight_decays):
        learner.knobs = Knobs(inner_lr, max(inner_steps), weight_decay)
        models = learner.along(validation.support, inner_steps)
        for steps, model in zip(inner_steps, models, strict=True):
            with torch.no_grad():
                loss = judge(model(validation.query.x), validation.query.y).mean()
            trials.append(Trial(Knobs(inner_lr, steps, weight_decay), float(loss)))
    trials.sort(key=lambda trial: trial.loss)
    learner.knobs = trials[0].knobs
    return trials
