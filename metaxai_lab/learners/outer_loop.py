"""One loop for everything that is learned across tasks: draw an episode, adapt, be judged, step.

Only `loss(learner, episode)` differs between learners, gates and amortised explainers.

Source: Finn, Abbeel & Levine (2017), algorithm 1, whose outer loop this is.
Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor, nn
from tqdm import tqdm

from metaxai_lab.core import Episode, MetaLearner, initialised_with, pick_device
from metaxai_lab.learners.checkpoint import Shelf
from metaxai_lab.learners.run import Checkpoint, Run
from metaxai_lab.learners.stepping import Settings, set_up

L = TypeVar("L", bound=nn.Module)


@dataclass(frozen=True, eq=False)
class History:
    """What a training run leaves behind.

    Args:
        losses: the loss of each step, those before an interruption too.
        seconds: how long the steps of this sitting took; it differs from run to run.
    """

    losses: Float[Tensor, " step"]
    seconds: float


def meta_train(
    learner: L,
    draw: Callable[[Generator], Episode],
    loss: Callable[[L, Episode], Tensor],
    *,
    steps: int,
    outer_lr: float,
    generator: Generator,
    schedule: str = "one-cycle",
    weight_decay: float = 0.0,
    clip: float | None = None,
    device: torch.device | str | None = None,
    precision: str = "32-true",
    folder: Path | str | None = None,
    keep_every: int = 200,
    on_step: Callable[[int, float], None] | None = None,
    progress: bool = True,
) -> History:
    """Train `learner` in place with AdamW, one step for each episode or stacked batch of them.

    The learner is moved to the device, trained in training mode and left there in evaluation mode.
    With a `folder`, a run that was interrupted or killed and is called again goes on to the same
    weights and losses, if learner and generator are made from the same seeds or are as the
    interruption left them: bitwise on the same CPU, and on a GPU as far as its kernels repeat.

    Args:
        draw: makes the episode of a step from the generator, and from nothing else that moves.
        loss: what a step lowers; a scalar.
        schedule: "one-cycle" or "constant".
        clip: the largest norm of the gradient; None for no limit.
        device: as in `core.pick_device`.
        precision: "32-true", or "bf16-mixed" for bfloat16 where that is safe.
        folder: where checkpoints are kept; a finished run found there is given back at once.
        keep_every: steps between checkpoints; whatever stops the run writes one more.
        on_step: called after each step with the number of steps made and the step's loss.

    Raises:
        DivergedError: if a loss or its gradient is not finite. Learner, generator and folder then
            hold the last state where both were.
        ForeignCheckpointError: if the folder holds another run.
        RuntimeError: if CUDA is asked for and there is none.
        ValueError: if a setting is out of range, or the learner has nothing to train.
    """
    if keep_every < 1:
        raise ValueError(f"keep_every counts steps and is at least 1; found {keep_every}.")
    name = type(learner).__name__
    asked = Settings(name, steps, outer_lr, schedule, weight_decay, clip, precision)
    place = pick_device(None if device is None else str(device))
    run, make_step = set_up(learner, asked, generator, place)
    shelf = Shelf(None if folder is None else Path(folder), asdict(asked))
    found = shelf.newest(run)
    begun = perf_counter()
    with (
        initialised_with(generator),  # so that the noise of dropout, too, comes from the generator
        tqdm(total=steps, disable=not progress, leave=False, unit="step") as bar,
    ):

        def one_step(step: int) -> float:
            return make_step(step, lambda: loss(learner, draw(generator).to(place)))

        def tell(step: int, value: float) -> None:
            bar.update(step - bar.n)
            if on_step is not None:
                on_step(step, value)

        _go_on(run, found or run.snapshot(0), one_step, tell, shelf, keep_every)
    return History(run.losses, perf_counter() - begun)


def classification_loss(learner: MetaLearner, episode: Episode) -> Float[Tensor, ""]:
    """Return the cross entropy of the query rows, in nats, once the support rows were learned."""
    outputs = learner.adapt(episode.support)(episode.query.x)
    return F.cross_entropy(outputs.flatten(0, -2), episode.query.y.flatten())


def _go_on(
    run: Run,
    good: Checkpoint,
    one_step: Callable[[int], float],
    tell: Callable[[int, float], None],
    shelf: Shelf,
    keep_every: int,
) -> None:
    """Make the steps that `good` has not made; whatever stops them, leave nothing half made.

    `good` is always the state at which the last finite loss and gradient were measured.
    """
    run.restore(good)
    run.learner.train()
    try:
        for step in range(good.step, len(run.losses)):
            here = run.snapshot(step)
            value = one_step(step)
            good = here
            run.losses[step] = value
            if step % keep_every == 0:
                shelf.put(good)
            tell(step + 1, value)
        good = run.snapshot(len(run.losses))
    finally:
        run.restore(good)
        run.learner.eval()
        shelf.put(good)
