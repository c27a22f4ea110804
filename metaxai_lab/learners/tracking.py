"""Curves of a run, kept where TensorBoard or Weights & Biases read them; both are options.

A tracker is what `meta_train` takes as `on_step`, and its `validation` as `on_validation`:

    with tensorboard("runs/first") as track:
        meta_train(..., on_step=track, on_validation=track.validation)

It opens at the first number it is told. Of several processes only the first tells any, so they
leave one run. Chapter: book/appendix/running_it.md.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Protocol, runtime_checkable


@runtime_checkable
class Curves(Protocol):
    """Where the numbers go."""

    def write(self, name: str, step: int, value: float) -> None:
        """Write one point of one curve."""

    def close(self) -> None:
        """Write what is left, and let go."""


class Tracker:
    """Called with a step and its loss, it writes one point; closed at the end of a `with` block.

    Args:
        open_curves: makes the place for the numbers, once there is one.
    """

    def __init__(self, open_curves: Callable[[], Curves]) -> None:
        self._open_curves = open_curves
        self._curves: Curves | None = None

    def __call__(self, step: int, loss: float) -> None:
        """Write the loss of a training step."""
        self._write("loss", step, loss)

    def validation(self, step: int, value: float) -> None:
        """Write what validation gave after a step."""
        self._write("validation", step, value)

    def close(self) -> None:
        """Write what is left; twice is as good as once, and a tracker told anew opens anew."""
        curves, self._curves = self._curves, None
        if curves is not None:
            curves.close()

    def __enter__(self) -> "Tracker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, name: str, step: int, value: float) -> None:
        if self._curves is None:
            self._curves = self._open_curves()
        self._curves.write(name, step, value)


def tensorboard(folder: Path | str) -> Tracker:
    """Return a tracker that writes an event file to `folder`; `tensorboard --logdir` shows it.

    Raises:
        ModuleNotFoundError: if tensorboard is not installed.
    """
    _need("tensorboard")
    return Tracker(lambda: _EventFile(Path(folder)))


def wandb_offline(folder: Path | str, *, project: str) -> Tracker:
    """Return a tracker that writes an offline run of Weights & Biases below `folder`/wandb.

    Nothing is sent and no account is asked for; `wandb sync` can send the run later, if you wish.

    Raises:
        ModuleNotFoundError: if wandb is not installed.
    """
    _need("wandb")
    return Tracker(lambda: _OfflineRun(Path(folder), project))


class _EventFile:
    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self.writer = SummaryWriter(str(folder))

    def write(self, name: str, step: int, value: float) -> None:
        self.writer.add_scalar(name, value, step)

    def close(self) -> None:
        self.writer.close()


class _OfflineRun:
    def __init__(self, folder: Path, project: str) -> None:
        import wandb

        folder.mkdir(parents=True, exist_ok=True)  # wandb would choose another one
        quiet = wandb.Settings(silent=True, console="off", disable_git=True, save_code=False)
        self.run = wandb.init(mode="offline", dir=str(folder), project=project, settings=quiet)

    def write(self, name: str, step: int, value: float) -> None:
        self.run.log({name: value}, step=step)

    def close(self) -> None:
        self.run.finish()


def _need(package: str) -> None:
    if find_spec(package) is None:
        raise ModuleNotFoundError(
            f"this tracker needs the package {package}, which is not installed. Install it with "
            f'`pip install -c constraints.txt -e ".[track]"`, or train without a tracker.',
            name=package,
        )
