"""Tasks of letters as an eye sees them: 32 columns a letter, the same eye for every learner.

The eye learned to name letters, one class for each, before any task was drawn; new tasks have other
letters. Learners that meet them differ in how they learn, and in nothing else. Source: Tian et al.
(2020), section 3, for an embedding trained by ordinary classification.
Chapter: book/concepts/three_families.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import Episode, Examples, initialised_with, pick_device
from metaxai_lab.learners import ConvEncoder, embed_all, shuffled_support
from metaxai_lab.tasks import PictureTable
from metaxai_lab.tasks.sampling import distinct, random_order

DIM, WAY, SHOT = 32, 5, 5


@dataclass(frozen=True, eq=False)
class Seen:
    """A table of letters, seen once through the eye.

    Args:
        z: the columns of each picture, with mean 0 and variance 1 over the letters of training.
    """

    table: PictureTable
    z: Float[Tensor, "picture column"]


def train_eye(table: PictureTable, *, steps: int, generator: Generator) -> ConvEncoder:
    """Learn to name the letters of `table`, in steps of 64 pictures, as a classifier does."""
    device = pick_device()
    named = torch.arange(len(table.counts)).repeat_interleave(table.counts)
    with initialised_with(generator):
        eye, names = ConvEncoder().to(device), nn.Linear(DIM, len(table.counts)).to(device)
    adam = torch.optim.AdamW([*eye.parameters(), *names.parameters()], lr=5e-3)
    pace = torch.optim.lr_scheduler.OneCycleLR(adam, 5e-3, total_steps=steps)
    for _ in range(steps):
        some = torch.randint(len(named), (64,), generator=generator)
        pictures, wanted = table.pixels[some.to(table.pixels.device)], named[some].to(device)
        loss = F.cross_entropy(names(eye(pictures.to(device).float() / 255)), wanted)
        adam.zero_grad()
        loss.backward()
        adam.step()
        pace.step()
    return eye.cpu().eval()


def look(eye: nn.Module, *tables: PictureTable) -> tuple[Seen, ...]:
    """See each table through the eye; the first of them says what mean 0 and variance 1 are."""
    found = [embed_all(eye, table).z for table in tables]
    mean, spread = found[0].mean(0), found[0].std()
    return tuple(Seen(table, (z - mean) / spread) for table, z in zip(tables, found, strict=True))


def draw_seen(
    seen: Seen, *, n_tasks: int, n_query: int, generator: Generator, blur: float = 0.0
) -> Episode:
    """Draw tasks of 5 letters with 5 support rows each, the support rows in random order.

    Args:
        blur: noise on the columns, in their own standard deviations: it stands for letters that
            the eye has not seen, and keeps learners from leaning on those it has.
    """
    starts, counts = seen.table.starts, seen.table.counts
    classes = distinct(len(counts), WAY, (n_tasks,), generator)
    items = random_order(counts[classes], SHOT + n_query, generator)
    z = seen.z[starts[classes].unsqueeze(-1) + items]
    z = z + blur * torch.randn(z.shape, generator=generator)
    y = torch.arange(WAY).repeat_interleave(SHOT).repeat(n_tasks, 1)
    asked = torch.arange(WAY).repeat_interleave(n_query).repeat(n_tasks, 1)
    support = Examples(z[:, :, :SHOT].flatten(1, 2), y)
    query = Examples(z[:, :, SHOT:].flatten(1, 2), asked)
    return shuffled_support(Episode(support, query), generator=generator)


def pictures_of(seen: Seen, z: Float[Tensor, "*rows column"]) -> Float[Tensor, "*rows pixel"]:
    """Return the pictures behind rows that were drawn without blur."""
    place = torch.cdist(z.reshape(-1, DIM), seen.z).argmin(-1)
    return (seen.table.pixels[place].float() / 255).reshape(*z.shape[:-1], -1)
