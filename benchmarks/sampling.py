"""Episodes per second: one gather from a resident table against loaders that open pictures.

Every way draws the same kind of batch from the same glyphs: 16 tasks of 5-way 1-shot with 10 query
rows a class, 880 pictures of 28 x 28, as float32 rows from 0 to 1 on the CPU. The ways take turns
in one process; a ratio is taken within each turn, and the median of the turns is printed. The
pictures of the loaders lie in memory too, so that no disk is measured.

    python benchmarks/sampling.py [--turns 7] [--threads 1] [--store]
"""

import argparse
import io
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from metaxai_lab.classroom.costs import Result, store, this_machine
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks import PictureTable, draw_episodes, glyphs

N_TASKS, N_WAY, K_SHOT, N_QUERY = 16, 5, 1, 10
N_ROWS = K_SHOT + N_QUERY
Key = tuple[int, int]  # class, item


class Pictures(Dataset[Tensor]):
    """One picture for one key, as code that reads a folder of pictures does it."""

    def __init__(self, table: PictureTable, *, decode: bool) -> None:
        squares = table.pixels.view(len(table.names), -1, table.side, table.side).numpy()
        pictures = [[Image.fromarray(square) for square in items] for items in squares]
        self.files = [[_as_png(picture) for picture in items] for items in pictures]
        self.pictures = None if decode else pictures

    def __getitem__(self, key: Key) -> Tensor:
        row, column = key
        if self.pictures is None:
            picture = Image.open(io.BytesIO(self.files[row][column]))
        else:
            picture = self.pictures[row][column]
        return torch.from_numpy(np.array(picture, np.float32)).div_(255).flatten()


class Keys:
    """The keys of batch after batch, without end."""

    def __init__(self, table: PictureTable) -> None:
        self.n_classes, self.n_items = len(table.counts), int(table.counts[0])
        self.generator = seeded(0)

    def __iter__(self) -> Iterator[list[Key]]:
        while True:
            yield [key for _ in range(N_TASKS) for key in self._task()]

    def _task(self) -> list[Key]:
        classes = torch.randperm(self.n_classes, generator=self.generator)[:N_WAY]
        return [(row, column) for row in classes.tolist() for column in self._items()]

    def _items(self) -> list[int]:
        return torch.randperm(self.n_items, generator=self.generator)[:N_ROWS].tolist()


def loader(table: PictureTable, *, decode: bool, n_workers: int) -> Callable[[], Episode]:
    """Return a way to draw a batch through a DataLoader."""
    pictures = Pictures(table, decode=decode)
    batches = iter(DataLoader(pictures, batch_sampler=Keys(table), num_workers=n_workers))
    labels = torch.arange(N_WAY)

    def draw() -> Episode:
        x = next(batches).view(N_TASKS, N_WAY, N_ROWS, -1)
        parts = (x[:, :, :K_SHOT].flatten(1, 2), x[:, :, K_SHOT:].flatten(1, 2))
        support, query = (
            Examples(part, labels.repeat_interleave(part.shape[1] // N_WAY).repeat(N_TASKS, 1))
            for part in parts
        )
        return Episode(support, query)

    return draw


def resident(table: PictureTable) -> Callable[[], Episode]:
    """Return a way to draw a batch by index."""
    sizes = {"n_way": N_WAY, "k_shot": K_SHOT, "n_query": N_QUERY, "n_tasks": N_TASKS}
    generator = seeded(0)
    return lambda: draw_episodes(table, **sizes, generator=generator)


def episodes_per_second(draw: Callable[[], Episode], seconds: float = 0.4) -> float:
    """Draw batches for about so long, at least two of them."""
    start, n_batches = time.perf_counter(), 0
    while time.perf_counter() - start < seconds or n_batches < 2:
        draw()
        n_batches += 1
    return N_TASKS * n_batches / (time.perf_counter() - start)


def main() -> None:
    """Let the ways take turns and print each against the first; with --store keep the table."""
    parser = argparse.ArgumentParser(description="Time the sampling of episodes.")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--store", action="store_true", help="write benchmarks/results/")
    settings = parser.parse_args()
    torch.set_num_threads(settings.threads)
    table = glyphs("train")
    ways = {
        "DataLoader, PNG decoded": loader(table, decode=True, n_workers=0),
        "DataLoader, PNG decoded, 2 workers": loader(table, decode=True, n_workers=2),
        "DataLoader, decoded beforehand": loader(table, decode=False, n_workers=0),
        "resident table, one gather a part": resident(table),
    }
    _check_alike([draw() for draw in ways.values()])
    turns = [
        {name: episodes_per_second(draw) for name, draw in ways.items()}
        for _ in range(settings.turns)
    ]
    result = compared(turns)
    print(result.markdown())
    if settings.store:
        store("sampling", [result])


def _check_alike(batches: list[Episode]) -> None:
    for batch in batches:
        assert batch.support.x.shape == (N_TASKS, N_WAY * K_SHOT, 784)
        assert batch.query.x.shape == (N_TASKS, N_WAY * N_QUERY, 784)
        assert batch.query.y.equal(batches[0].query.y)
        assert 0 == batch.query.x.min() < batch.query.x.max() == 1


def compared(turns: list[dict[str, float]]) -> Result:
    """Return the table: what each way did, against the first of its turn."""
    first = next(iter(turns[0]))
    rows = []
    for name in turns[0]:
        ratios = [turn[name] / turn[first] for turn in turns]
        speed = median(turn[name] for turn in turns)
        rows.append([name, speed, median(ratios), min(ratios), max(ratios)])
    size = f"{N_TASKS} tasks of {N_WAY}-way {K_SHOT}-shot, {N_QUERY} queries a class"
    return Result(
        f"Batches of {size}",
        "python benchmarks/sampling.py --store",
        this_machine(),
        ("way", "episodes/s", "ratio", "lowest", "highest"),
        rows,
        f"Median of {len(turns)} turns; a ratio is taken within each turn, against the first way.",
    )


def _as_png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()


if __name__ == "__main__":
    main()
