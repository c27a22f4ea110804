"""Checkpoints on disk: one safetensors file each, whole or not there, and refused by other runs.

A file is written beside its place and moved there in one act, so a killed run leaves the older file
or the newer one; no pickle is written or read. Chapter: book/appendix/running_it.md.
"""

import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from metaxai_lab.learners.run import Checkpoint, Run, digest

Asked = dict[str, str | int | float | None]
KEPT = 2  # the newest checkpoint, and one to fall back on
ADVICE = "Give this run a folder of its own, or remove that one."


class ForeignCheckpointError(ValueError):
    """A folder holds the checkpoint of another run than the one that is asked for."""


@dataclass(frozen=True)
class Shelf:
    """The checkpoints of one run.

    Args:
        folder: where they are kept; with None nothing is kept.
        asked: the settings of the run: other runs are told apart by them.
    """

    folder: Path | None
    asked: Asked

    def put(self, checkpoint: Checkpoint) -> None:
        """Write `checkpoint`, whole or not at all, and leave the two newest."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"step-{checkpoint.step:08d}.safetensors"
        tensors = {name: t.contiguous() for name, t in checkpoint.cpu().tensors.items()}
        about = {"step": checkpoint.step, "start": checkpoint.start, "asked": self.asked}
        partial = place.with_suffix(".partial")
        save_file(tensors, partial, {"about": json.dumps(about), "digest": digest(tensors)})
        os.replace(partial, place)
        for old in [*self._files()[KEPT:], *self.folder.glob("step-*.partial")]:
            old.unlink(missing_ok=True)

    def newest(self, run: Run) -> Checkpoint | None:
        """Return the newest whole checkpoint of `run`, or None where there is none.

        A damaged file is named in a warning and removed; the one before it serves instead.

        Raises:
            ForeignCheckpointError: if the folder holds another run.
        """
        for file in self._files():
            try:
                checkpoint, asked = _read(file)
            except (SafetensorError, KeyError, ValueError) as error:
                warnings.warn(
                    f"the checkpoint {file} is damaged ({error}). It is removed; the run goes on "
                    "from the one before it, or from its beginning, to the same result.",
                    stacklevel=3,
                )
                file.unlink()
            else:
                _refuse_another_run(checkpoint, asked, run, self.asked, file)
                return checkpoint
        return None

    def _files(self) -> list[Path]:
        return [] if self.folder is None else sorted(self.folder.glob("step-*.safetensors"))[::-1]


def _read(file: Path) -> tuple[Checkpoint, Asked]:
    with safe_open(file, "pt") as held:
        tensors = {name: held.get_tensor(name) for name in held.keys()}  # noqa: SIM118
        header = held.metadata() or {}
    if header["digest"] != digest(tensors):
        raise ValueError("its content is not what was written")
    about = json.loads(header["about"])
    return Checkpoint(about["step"], about["start"], tensors), about["asked"]


def _refuse_another_run(
    found: Checkpoint, asked: Asked, run: Run, asking: Asked, file: Path
) -> None:
    """Accept a learner and a generator as they were at the start, or as `found` left them."""
    there = {name: tuple(t.shape) for name, t in found.part("learner").items()}
    here = {name: tuple(t.shape) for name, t in run.learner.state_dict().items()}
    if differ := _differences(there, here):
        learner = type(run.learner).__name__
        raise ForeignCheckpointError(
            f"{file} holds another learner than this {learner}: {differ}. {ADVICE}"
        )
    if differ := _differences(asked, asking):
        raise ForeignCheckpointError(f"{file} holds a run with other settings: {differ}. {ADVICE}")
    if run.start not in (found.start, found.place):
        raise ForeignCheckpointError(
            f"{file} holds a run that began from other weights or another generator. To go on with "
            f"it, make both from the seeds that it began with. {ADVICE}"
        )


def _differences(there: dict, here: dict, *, told: int = 3) -> str:
    names = [name for name in {**there, **here} if there.get(name) != here.get(name)]
    lines = [f"{n} is {there.get(n)!r} there and {here.get(n)!r} here" for n in names[:told]]
    rest = [f"{len(names) - told} more differ"] if len(names) > told else []
    return "; ".join(lines + rest)
