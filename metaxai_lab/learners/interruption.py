"""Step after step, until the last; whatever stops them leaves nothing half made.

An error, a Ctrl-C or a SIGTERM may fall anywhere. The run then returns to the last state that
measured finite, and keeps it. Chapter: book/appendix/running_it.md.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from metaxai_lab.learners.checkpoint import Shelf
from metaxai_lab.learners.run import Checkpoint, Run


def go_on(
    run: Run,
    good: Checkpoint,
    one_step: Callable[[int], float],
    tell: Callable[[int, float], None],
    shelf: Shelf,
    keep_every: int,
) -> int:
    """Make the steps that `good` has not made; return how many the whole run has made.

    The run ends after its last step, or where its watch is out of patience; the learner then holds
    the weights that did best, if any were validated.

    Args:
        good: always the state at which the last finite loss and gradient were measured.
        one_step: makes the step of this number and returns its loss.
        tell: called after each step with the number of steps made and the step's loss.
    """
    run.restore(good)
    run.learner.train()
    step = good.step
    try:
        while step < len(run.losses) and not run.watch.out_of_patience:
            here = run.snapshot(step)
            value = one_step(step)
            good = here
            run.losses[step] = value
            if step % keep_every == 0:
                shelf.put(good)
            step += 1
            tell(step, value)
        run.watch.choose(run.learner)
        good = run.snapshot(step)
    finally:
        run.restore(good)
        run.learner.eval()
        shelf.put(good)
    return step


@contextmanager
def sigterm_unwinds() -> Iterator[None]:
    """Let SIGTERM end the program as Ctrl-C does: through every `finally`, to exit status 143.

    That is the status a shell shows for a terminated program. A handler that the program has set
    itself stays, and threads other than the main one cannot have any.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _unwind(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # once is enough: the last good state is being kept
    raise SystemExit(128 + number)
