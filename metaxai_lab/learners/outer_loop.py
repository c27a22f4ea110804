"""One loop for everything that is learned across tasks: draw an episode, adapt, be judged, step.

Only `loss(learner, episode)` differs between learners, gates and amortised explainers.

Source: Finn, Abbeel & Levine (2017), algorithm 1, whose outer loop this is.
Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
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
from metaxai_lab.learners.early_stopping import validated
from metaxai_lab.learners.folder_lock import sole_writer
from metaxai_lab.learners.interruption import go_on, sigterm_unwinds
from metaxai_lab.learners.processes import muster
from metaxai_lab.learners.run import Checkpoint
from metaxai_lab.learners.stepping import Settings, pick_precision, set_up

L = TypeVar("L", bound=nn.Module)


@dataclass(frozen=True, eq=False)
class History:
    """What a training run leaves behind.

    Args:
        losses: the loss of each step made, those before an interruption too; with several
            processes, the mean of theirs.
        seconds: how long the steps of this sitting took; it differs from run to run.
        validation: what validation gave after so many steps.
        best_step: the number of steps after which it was lowest, whose weights the learner has.
    """

    losses: Float[Tensor, " step"]
    seconds: float
    validation: dict[int, float] = field(default_factory=dict)
    best_step: int | None = None


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
    validate: Callable[[L], float] | None = None,
    validate_every: int = 100,
    patience: int | None = None,
    on_validation: Callable[[int, float], None] | None = None,
    progress: bool = True,
) -> History:
    """Train `learner` in place with AdamW, one step for each episode or stacked batch of them.

    The learner is moved to the device, trained in training mode and left there in evaluation mode.
    With a `folder`, a run that was interrupted or killed and is called again goes on to the same
    weights and losses, if learner and generator are made from the same seeds or are as the
    interruption left them: bitwise on the same CPU, and on a GPU as far as its kernels repeat.
    Under `torchrun` each process works on its share of the stacked tasks, from the weights and the
    generator of the first, which alone validates, writes, logs and shows progress.

    Args:
        draw: makes the episode of a step from the generator, and from nothing else that moves.
        loss: what a step lowers; a scalar, and a mean over tasks where processes share them.
        schedule: "one-cycle" or "constant".
        clip: the largest norm of the gradient; None for no limit.
        device: as in `core.pick_device`.
        precision: "32-true"; "bf16-mixed" for bfloat16 where that is safe; or "auto", which is
            bfloat16 on a GPU made for it and 32 bits elsewhere.
        folder: where checkpoints are kept; a finished run found there is given back at once.
        keep_every: steps between checkpoints; whatever stops the run writes one more.
        on_step: called after each step with the number of steps made and the step's loss.
        validate: gives a value that is lower where the learner is better, such as the mean loss on
            validation tasks, from nothing that moves. The best weights are kept and given back.
        validate_every: steps between validations; the last step is followed by one, too.
        patience: validations in a row that may fail to lower the value before the run stops.
        on_validation: called after each with the number of steps made and the value.

    Raises:
        DivergedError: if a loss or its gradient is not finite. Learner, generator and folder then
            hold the last state where both were.
        FolderInUseError: if another run writes to the folder at this moment.
        ForeignCheckpointError: if the folder holds another run.
        RuntimeError: if CUDA is asked for and there is none.
        SystemExit: with status 143 at SIGTERM, after the last good state was kept.
        ValueError: if a setting is out of range, a value of validation is not finite, the learner
            has nothing to train, or the tasks of a step do not divide among the processes.
    """
    if keep_every < 1:
        raise ValueError(f"keep_every counts steps and is at least 1; found {keep_every}.")
    place = pick_device(None if device is None else str(device))
    exact = pick_precision(precision, place)
    every = None if validate is None else validate_every
    crew = muster(place, exact)
    name = type(learner).__name__
    usual = (name, steps, outer_lr, schedule, weight_decay, clip, exact)
    asked = Settings(*usual, crew.n_ranks, every, patience)
    run, make_step = set_up(learner, asked, generator, crew)
    shelf = Shelf(Path(folder) if folder is not None and crew.first else None, asdict(asked))
    with ExitStack() as held:

        def open_shelf() -> Checkpoint | None:
            held.enter_context(sole_writer(shelf.folder))
            return shelf.newest(run)

        found = crew.from_first(open_shelf)
        begun = perf_counter()
        held.enter_context(sigterm_unwinds())
        held.enter_context(initialised_with(generator))  # dropout's noise, too, comes from it
        hidden = not (progress and crew.first)
        bar = held.enter_context(tqdm(total=steps, disable=hidden, leave=False, unit="step"))
        good = found or crew.from_first(lambda: run.snapshot(0).cpu())

        def one_step(step: int) -> float:
            episode = crew.share(draw(generator)).to(crew.device)
            return make_step(step, lambda: loss(learner, episode))

        def tell(step: int, value: float) -> None:
            bar.update(step - bar.n)
            if on_step is not None and crew.first:
                on_step(step, value)
            if validate is not None and run.watch.due(step, steps):
                judged = crew.from_first(partial(validated, learner, validate))
                run.watch.note(step, judged, learner)
                if on_validation is not None and crew.first:
                    on_validation(step, judged)

        made = go_on(run, good, one_step, tell, shelf, keep_every)
    watch = run.watch
    return History(run.losses[:made], perf_counter() - begun, dict(watch.values), watch.best_step)


def classification_loss(learner: MetaLearner, episode: Episode) -> Float[Tensor, ""]:
    """Return the cross entropy of the query rows, in nats, once the support rows were learned."""
    outputs = learner.adapt(episode.support)(episode.query.x)
    return F.cross_entropy(outputs.flatten(0, -2), episode.query.y.flatten())
