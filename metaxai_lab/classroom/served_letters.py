"""A learner ready to leave: a task and new pictures go in, answers and their reasons come out.

The explanation, slope times ink of the lead, is written out layer by layer, because an exported
program keeps no machinery for gradients. It is kept in two formats: PyTorch's, a `.pt2` archive,
and ONNX. Each carries the version of what it gives. Source: onnx.ai for the format;
Shrikumar et al. (2016) for slope times input. Chapter: book/attention/repair_and_deploy.ipynb.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from metaxai_lab.classroom import answer_letters, repair_study
from metaxai_lab.classroom.answer_letters import FILES, VERSION
from metaxai_lab.classroom.exports import write_formats
from metaxai_lab.classroom.pipeline_deployed import question
from metaxai_lab.core import seeded
from metaxai_lab.learners import ProtoNet, StridedEncoder
from metaxai_lab.tasks.typefaces import SIDE


class Served(nn.Module):
    """One pass from a task to answers with their explanation, without a branch or a check.

    Args:
        learner: a `ProtoNet` with a `StridedEncoder`.
        n_way: classes of a task.
    """

    sharpness: Tensor

    def __init__(self, learner: ProtoNet, n_way: int) -> None:
        super().__init__()
        self.embed = cast(StridedEncoder, learner.embed)
        self.n_way = n_way
        self.register_buffer("sharpness", torch.as_tensor(learner.sharpness).detach().clone())

    def forward(
        self,
        past: Float[Tensor, "past pixel"],
        classes: Int[Tensor, " past"],
        new: Float[Tensor, "new pixel"],
    ) -> tuple[Float[Tensor, "new class"], Float[Tensor, "new pixel"]]:
        """Return the log-odds of each class, up to a constant, and each pixel's reasons."""
        member = (classes[:, None] == torch.arange(self.n_way)).to(past.dtype)
        prototypes = member.mT @ self.embed(past) / member.sum(0)[:, None]
        z = self.embed(new)
        outputs = -self.sharpness * (z[:, None] - prototypes).square().sum(-1)
        above = outputs.softmax(-1) - 1 / self.n_way
        slope = 2 * self.sharpness * (above @ prototypes)  # what z has in common cancels
        return outputs, new * self.embed.pulled_back(new, slope)


def export(learner: ProtoNet, folder: Path, *, n_way: int, k_shot: int) -> None:
    """Write both formats, the program that answers with them, and a card with fingerprints.

    Raises:
        TypeError: if the learner has another encoder.
    """
    if not isinstance(learner.embed, StridedEncoder):
        kind = type(learner.embed).__name__
        raise TypeError(f"only a StridedEncoder's slopes are written out here; found {kind}.")
    rows = {0: torch.export.Dim("new", min=1)}
    stamp = {"version": VERSION, "n_way": n_way, "k_shot": k_shot}
    prints = write_formats(
        Served(learner, n_way).eval(),
        _example(n_way, k_shot),
        folder,
        FILES,
        shapes=(None, None, rows),
        names=(["past", "classes", "new"], ["outputs", "reasons"]),
        stamp=stamp,
        family="letters",
    )
    (folder / "answer.py").write_bytes(Path(answer_letters.__file__).read_bytes())
    (folder / "card.json").write_text(json.dumps({**stamp, "sha256": prints}, indent=1))


def _example(n_way: int, k_shot: int) -> tuple[Tensor, Tensor, Tensor]:
    past = torch.zeros(n_way * k_shot, SIDE**2)
    return past, torch.arange(n_way).repeat_interleave(k_shot), torch.zeros(2, SIDE**2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train a learner on a false cue, repair it by boxes, export it, with tasks to show."""
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.classroom.served_letters")
    parser.add_argument("folder", type=Path, help="where the exported files go")
    folder: Path = parser.parse_args(arguments).folder
    if (folder / "tasks.json").is_file():
        return
    plan = repair_study.plan()
    faulty = repair_study.train(repair_study.reader(0), says="the class", seed=0, steps=plan.faulty)
    marked = repair_study.boxes(16, seed=0)
    learner = repair_study.repaired(faulty, marked, seed=0, steps=plan.repair)
    export(learner, folder, n_way=repair_study.N_WAY, k_shot=repair_study.K_SHOT)
    write_tasks(folder, n_tasks=6)


def write_tasks(folder: Path, *, n_tasks: int) -> None:
    """Write tasks of unseen scripts, with stamps that mislead, for the app to show."""
    tasks, _ = repair_study.draw("test", says="another", n_tasks=n_tasks, generator=seeded(11))
    each = [tasks.task(i) for i in range(n_tasks)]
    asked = [question(task.support, task.query) for task in each]
    (folder / "tasks.json").write_text(json.dumps(asked))


if __name__ == "__main__":
    main()
