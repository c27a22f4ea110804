"""Omniglot, one shot, in a minute or two: a Conv-4 trained for so many seconds, then 1,000 tasks.

Trained on the 964 background characters, each turned by quarters into four classes, and judged on
the 659 characters of 20 alphabets that it has never seen. What makes the minute enough: pooling
before normalisation, channels last in memory, bfloat16 where this machine is faster with it (it is
timed), and a loss that lets every picture be the one known example once.

    python benchmarks/omniglot.py [--seconds 65 120] [--recipe quick|full] [--held-out] [--store]

`--held-out` trains on 25 of the background alphabets and judges on the other 5: for trying things
out. On Linux, glibc gives freed memory back after each step and takes it anew; a third of the time
is saved by MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 before the command.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from statistics import median

import torch
from torch import Generator, nn

from metaxai_lab.classroom.costs import Cell, Result, store, this_machine
from metaxai_lab.core import Episode, initialised_with, pick_device, seeded
from metaxai_lab.learners import (
    ConvEncoder,
    ProtoNet,
    all_shot_loss,
    embed_all,
    few_shot_accuracy,
    meta_train,
)
from metaxai_lab.tasks import PictureTable, draw_episodes, is_here, pictures, shift_pictures

SIDE, N_EPISODES = 28, 1000
ASKED = ((5, 1), (20, 1), (5, 5), (20, 5))  # ways, shots
PRECISIONS = ("32-true", "bf16-mixed")
COMMAND = "python benchmarks/omniglot.py"


@dataclass(frozen=True)
class Recipe:
    """How to train; `full` is for a GPU."""

    width: int  # channels of the encoder
    n_way: int  # classes of a step
    n_pictures: int  # of each
    outer_lr: float
    weight_decay: float
    shift: int  # pixels
    steps: int | None  # None: as many as fit into the time
    precision: str | None  # None: whichever is faster here


RECIPES = {
    "quick": Recipe(64, 60, 4, 1e-2, 1e-2, 2, None, None),
    "full": Recipe(128, 200, 5, 6e-3, 3e-2, 2, 20_000, "bf16-mixed"),
}


def new_learner(recipe: Recipe, generator: Generator) -> ProtoNet:
    """Return an untrained learner, as sharp as suits distances over so many columns."""
    with initialised_with(generator):
        embed = ConvEncoder(SIDE, recipe.width)
    return ProtoNet(embed, sharpness=recipe.width**-0.5)


def drawing(table: PictureTable, recipe: Recipe) -> Callable[[Generator], Episode]:
    """Return what makes the episode of a step: many classes, moved by a few pixels."""
    sizes = {"n_way": recipe.n_way, "k_shot": 1, "n_query": recipe.n_pictures - 1, "n_tasks": 1}

    def draw(generator: Generator) -> Episode:
        episode = draw_episodes(table, **sizes, generator=generator)
        return shift_pictures(episode, most=recipe.shift, side=SIDE, generator=generator)

    return draw


def train(
    table: PictureTable, recipe: Recipe, *, steps: int, seed: int, device: torch.device
) -> tuple[ProtoNet, dict[str, Cell]]:
    """Return a trained learner and what it cost."""
    generator = seeded(seed)
    learner = new_learner(recipe, generator)
    begun = time.process_time()
    history = meta_train(
        learner,
        drawing(table, recipe),
        all_shot_loss,
        steps=steps,
        outer_lr=recipe.outer_lr,
        weight_decay=recipe.weight_decay,
        precision=recipe.precision or "32-true",
        generator=generator,
        device=device,
        progress=False,
    )
    busy = (time.process_time() - begun) / torch.get_num_threads()
    return learner, {"seconds": history.seconds, "CPU s a thread": busy, "steps": steps}


def fitted(
    table: PictureTable, recipe: Recipe, *, seconds: float, device: torch.device
) -> tuple[Recipe, int]:
    """Time a few steps in each precision; return the faster one and how many steps fit."""
    if recipe.steps is not None:
        return recipe, recipe.steps
    kinds = PRECISIONS if recipe.precision is None else (recipe.precision,)
    best: dict[str, float] = {}
    for kind in (*kinds, *kinds, *kinds):  # the first turn warms up
        _, cost = train(table, replace(recipe, precision=kind), steps=20, seed=0, device=device)
        best[kind] = min(best.get(kind, float("inf")), float(cost["seconds"]) / 20)
    fastest = min(best, key=lambda kind: best[kind])
    return replace(recipe, precision=fastest), max(int(0.97 * seconds / best[fastest]), 20)


def judge(learner: ProtoNet, table: PictureTable) -> dict[str, Cell]:
    """Return accuracy and 95 % interval, in per cent, for each number of ways and shots."""
    seen = embed_all(learner.embed, table)
    cells: dict[str, Cell] = {}
    for n_way, k_shot in ASKED:
        found = few_shot_accuracy(
            learner, seen, n_way=n_way, k_shot=k_shot, n_episodes=N_EPISODES, generator=seeded(1)
        )
        print(found, flush=True)
        name = f"{n_way}-way {k_shot}-shot"
        cells[name] = f"{100 * found.mean:.2f} ± {100 * found.half_width:.2f}"
    return cells


class PlainConv4(nn.Module):
    """The Conv-4 as it is usually written: normalised before pooling, channels first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        sizes = [1, width, width, width]
        self.blocks = nn.Sequential(*[self._block(n_in, width) for n_in in sizes], nn.Flatten())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the embedding of each row."""
        return self.blocks(x.view(-1, 1, SIDE, SIDE))

    @staticmethod
    def _block(n_in: int, n_out: int) -> nn.Sequential:
        convolution = nn.Conv2d(n_in, n_out, 3, padding=1)
        return nn.Sequential(convolution, nn.BatchNorm2d(n_out), nn.ReLU(), nn.MaxPool2d(2))


def pictures_per_second(recipe: Recipe, turns: int, device: torch.device) -> list[list[Cell]]:
    """Time forward and backward of one step's pictures, each way in its turn."""
    n_rows = recipe.n_way * recipe.n_pictures
    x = torch.rand(n_rows, SIDE**2, generator=seeded(0)).to(device)
    with initialised_with(seeded(0)):
        plain, ours = PlainConv4(recipe.width).to(device), ConvEncoder(SIDE, recipe.width)
    ours = ours.to(device)
    ways = {
        "plain Conv-4": partial(_step, plain, x, bf16=False),
        "ConvEncoder": partial(_step, ours, x, bf16=False),
        "plain Conv-4, bfloat16": partial(_step, plain, x, bf16=True),
        "ConvEncoder, bfloat16": partial(_step, ours, x, bf16=True),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):  # the first one warms up
        for name, step in ways.items():
            begun = time.perf_counter()
            step()
            if turn:
                took[name].append(time.perf_counter() - begun)
    base = took["plain Conv-4"]
    return [
        [name, n_rows / median(t), median(b / a for a, b in zip(t, base, strict=True))]
        for name, t in took.items()
    ]


def _step(embed: nn.Module, x: torch.Tensor, *, bf16: bool) -> None:
    with torch.autocast(x.device.type, torch.bfloat16, enabled=bf16):
        z = embed(x)
    z.float().square().mean().backward()
    z[0, 0].item()  # so that a GPU has done it


def accuracy_table(asked: argparse.Namespace, device: torch.device) -> Result:
    """Train once for each number of seconds; judge; return the table."""
    learn, judged = ("train", "validation") if asked.held_out else ("background", "test")
    table = pictures("omniglot", learn, side=SIDE).rotated().to(device)
    unseen = pictures("omniglot", judged, side=SIDE).to(device)
    rows: list[dict[str, Cell]] = []
    for seconds in asked.seconds:
        recipe, steps = fitted(table, RECIPES[asked.recipe], seconds=seconds, device=device)
        learner, cost = train(
            table, recipe, steps=asked.steps or steps, seed=asked.seed, device=device
        )
        rows.append(cost | {"precision": recipe.precision or ""} | judge(learner, unseen))
        print(rows[-1], flush=True)
    note = (
        f"Recipe {asked.recipe}: {_told(RECIPES[asked.recipe])}. Trained on {len(table.counts)} "
        f"classes ({learn}, with quarter turns), judged on {len(unseen.counts)} others ({judged}): "
        f"{N_EPISODES:,} episodes each, in per cent with 95 % interval."
    )
    columns = list(rows[0])
    cells = [list(row.values()) for row in rows]
    title = f"Omniglot, one shot ({asked.recipe} recipe)"
    return Result(title, _command(asked), _machine(device), columns, cells, note)


def speed_table(asked: argparse.Namespace, device: torch.device) -> Result:
    """Return the table of pictures a second."""
    recipe = RECIPES["quick"]
    cells = pictures_per_second(recipe, asked.turns, device)
    title = f"A Conv-4 of width {recipe.width}, forward and backward over 240 pictures of 28 x 28"
    columns = ("way", "pictures/s", "ratio")
    note = f"Median of {asked.turns} turns; the ratio is taken within each turn."
    return Result(title, _command(asked), _machine(device), columns, cells, note)


def _told(recipe: Recipe) -> str:
    given = {name: value for name, value in asdict(recipe).items() if value is not None}
    return ", ".join(f"{name} {value}" for name, value in given.items())


def _command(asked: argparse.Namespace) -> str:
    seconds = " ".join(f"{s:g}" for s in asked.seconds)
    return f"{COMMAND} --seconds {seconds} --recipe {asked.recipe} --store"


def _machine(device: torch.device) -> dict[str, Cell]:
    kept = os.environ.get("MALLOC_MMAP_MAX_") == "0"
    return this_machine(device) | {"freed memory": "kept" if kept else "given back"}


def main() -> None:
    """Print both tables; with --store keep them for the page of costs."""
    parser = argparse.ArgumentParser(description="Train on Omniglot and judge.")
    parser.add_argument("--seconds", type=float, nargs="+", default=[65.0], help="of training")
    parser.add_argument("--steps", type=int, help="so many, however long they take")
    parser.add_argument("--recipe", choices=RECIPES, default="quick")
    parser.add_argument("--held-out", action="store_true", help="judge on background alphabets")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", type=int, default=9, help="of the table of speed")
    parser.add_argument("--store", action="store_true", help="write benchmarks/results/")
    asked = parser.parse_args()
    device = pick_device()
    if asked.recipe == "full" and device.type != "cuda":
        parser.error("the full recipe is for a GPU, and torch finds none here: not run.")
    if not is_here("omniglot") and not asked.store:
        print("not run: `python -m metaxai_lab.tasks.fetch omniglot` gets the pictures first.")
        return
    results = [accuracy_table(asked, device), speed_table(asked, device)]
    print("\n\n".join(result.markdown() for result in results))
    if asked.store:
        store("omniglot" if asked.recipe == "quick" else "omniglot_full", results)


if __name__ == "__main__":
    main()
