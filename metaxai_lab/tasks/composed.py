"""Letters on photographs: a class is a letter, and the pixels of each letter are known.

A letter is put anywhere on a piece of a photograph, white where the ground is dark and black where
it is light. So the picture is full of contours and textures, and only those of the letter tell the
class. Test pictures have letters of other scripts, on parts of the photographs never seen in
training. The two photographs come with scikit-learn. Chapter: book/attention/pictures.ipynb.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from sklearn.datasets import load_sample_images
from torch import Generator, Tensor
from torch.nn.functional import avg_pool2d, pad

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.glyphs import glyphs
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.sampling import check_sizes, distinct, random_order, rows_as_floats

SIDE = 32
PARTS = {"train": (0.0, 0.6), "validation": (0.6, 0.8), "test": (0.8, 1.0)}  # from the left
INK = 0.25  # from here on a pixel belongs to the letter
FAINT = 0.04  # a spread of brightness below which a ground is next to plain
Ground = Float[Tensor, "_ _"]  # each photograph has its own height and width
Squares = Float[Tensor, "picture side side"]


@dataclass(frozen=True)
class ComposedTable:
    """Letters, and the grounds to put them on.

    Args:
        letters: their pictures, ink on nothing.
        grounds: photographs, with brightness from 0 to 1.
        side: height and width of a composed picture, in pixels.

    Raises:
        ValueError: if the letters' pictures or the grounds do not fit the side, or have colours.
    """

    letters: PictureTable
    grounds: tuple[Ground, ...]
    side: int = SIDE

    def __post_init__(self) -> None:
        if self.letters.channels != 1 or self.letters.side > self.side:
            raise ValueError(
                f"letters need one channel and a side of at most {self.side}; found "
                f"{self.letters.channels} and {self.letters.side}."
            )
        small = [tuple(g.shape) for g in self.grounds if min(g.shape) < self.side]
        if small or not self.grounds:
            raise ValueError(
                f"a ground is at least {self.side} x {self.side} pixels, and there is one or more; "
                f"found {small[0] if small else 'none'}."
            )


def composed(split: str) -> ComposedTable:
    """Return the letters of a split, and its part of the two photographs.

    The letters are those of `glyphs`. Each photograph is halved in size and cut from left to right
    (`PARTS`): no pixel serves two splits.

    Raises:
        ValueError: if there is no such split.
    """
    letters = glyphs(split)
    grounds = []
    for photograph in load_sample_images().images:
        grey = torch.from_numpy(photograph.astype(np.float32).mean(-1) / 255)
        halved = avg_pool2d(grey[None], 2)[0]
        first, last = (round(share * halved.shape[1]) for share in PARTS[split])
        grounds.append(halved[:, first:last])
    return ComposedTable(letters, tuple(grounds))


def draw_composed_episodes(
    table: ComposedTable,
    *,
    n_way: int,
    k_shot: int,
    n_query: int,
    n_tasks: int,
    generator: Generator,
    contrast: float = 0.2,
) -> Episode:
    """Draw tasks whose classes are letters; `truth` marks the pixels of the query's letters.

    Columns hold brightness from -1 (black) to 1 (white), so that 0, the blank of every explainer,
    is a middle grey.

    Args:
        contrast: of the grounds: how far their brightness, from 0 to 1, strays from its mean 0.5.

    Raises:
        ValueError: if a number is too small, or the table has too few letters or pictures of one.
    """
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=n_query, n_tasks=n_tasks)
    n_rows = k_shot + n_query
    _check_table(table.letters, n_way, n_rows)
    classes = distinct(len(table.letters.counts), n_way, (n_tasks,), generator)
    items = random_order(table.letters.counts[classes], n_rows, generator)
    rows = table.letters.starts[classes][..., None] + items
    letters = rows_as_floats(table.letters, rows.flatten().to(table.letters.pixels.device))
    ink = scattered(letters.view(-1, table.letters.side, table.letters.side), table.side, generator)
    ground = pieces(table.grounds, len(ink), table.side, generator).to(ink.device)
    ground = evened(ground, contrast)
    x = (2 * written(ink, ground) - 1).view(n_tasks, n_way, n_rows, -1)
    truth = (ink > INK).view(x.shape)[:, :, k_shot:].flatten(1, 2)
    return Episode(_examples(x[:, :, :k_shot]), _examples(x[:, :, k_shot:]), truth)


def written(ink: Squares, ground: Squares) -> Squares:
    """Write letters on grounds: white where the ground below the ink is dark, else black."""
    below = (ground * ink).sum((1, 2)) / ink.sum((1, 2)).clamp(min=1e-6)
    tone = (below < 0.5).to(ink).view(-1, 1, 1)
    return ground + ink * (tone - ground)


def evened(ground: Squares, contrast: float) -> Squares:
    """Bring grounds to the mean 0.5 and one contrast; a plain one, as a clear sky, stays plain."""
    centred = ground - ground.mean((1, 2), keepdim=True)
    spread = centred.square().mean((1, 2), keepdim=True).sqrt()
    return (0.5 + contrast * centred / spread.clamp(min=FAINT)).clamp(0, 1)


def scattered(
    letters: Float[Tensor, "picture height width"], side: int, generator: Generator
) -> Squares:
    """Put each letter anywhere in a picture of `side`, so that no ink is lost."""
    ink = pad(letters, (0, side - letters.shape[-1], 0, side - letters.shape[-1]))
    drawn = torch.rand(2, len(ink), generator=generator).to(ink.device)
    for axis, shares in ((1, drawn[0]), (2, drawn[1])):
        first, last = _ends((ink > 0).any(3 - axis))
        place = (shares * (side - (last - first))).long()
        index = (torch.arange(side, device=ink.device) - (place - first)[:, None]) % side
        index = index[:, :, None] if axis == 1 else index[:, None, :]
        ink = ink.gather(axis, index.expand_as(ink))
    return ink


def pieces(grounds: tuple[Ground, ...], n: int, side: int, generator: Generator) -> Squares:
    """Cut `n` squares out of the grounds, anywhere; a ground is as likely as another."""
    chosen = torch.randint(len(grounds), (n,), generator=generator)
    shares = torch.rand(n, 2, generator=generator)
    cut = torch.empty(n, side, side)
    for number, ground in enumerate(grounds):
        mine = (chosen == number).nonzero().flatten()
        views = ground.cpu().unfold(0, side, 1).unfold(1, side, 1)
        corner = (shares[mine] * torch.tensor(views.shape[:2])).long()
        cut[mine] = views[corner[:, 0], corner[:, 1]]
    return cut


def _ends(
    filled: Bool[Tensor, "picture place"],
) -> tuple[Int[Tensor, " picture"], Int[Tensor, " picture"]]:
    """Return the first and the last place that is filled."""
    places = torch.arange(filled.shape[1], device=filled.device)
    first = places.where(filled, filled.shape[1]).amin(1)
    return first, places.where(filled, -1).amax(1)


def _examples(x: Float[Tensor, "task way row pixel"]) -> Examples:
    n_tasks, n_way, n_rows, _ = x.shape
    y = torch.arange(n_way, device=x.device).repeat_interleave(n_rows)
    return Examples(x.flatten(1, 2), y.repeat(n_tasks, 1))


def _check_table(letters: PictureTable, n_way: int, n_rows: int) -> None:
    if n_way > len(letters.counts) or n_rows > int(letters.counts.min()):
        raise ValueError(
            f"{n_way}-way episodes with {n_rows} rows a class need {n_way} letters with {n_rows} "
            f"pictures each; the table has {len(letters.counts)}, the rarest with "
            f"{int(letters.counts.min())}. Lower n_way, k_shot or n_query."
        )
