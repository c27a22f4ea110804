"""How often a learner is right on new tasks, over a thousand of them, with an interval.

A learner that sees pictures through one embedding sees a picture alike in every task. So the table
is embedded once, and a task is a choice of numbers: a thousand tasks cost seconds, where embedding
the pictures of each would cost minutes. Report of accuracy and interval: Snell, Swersky & Zemel
(2017), section 3. Chapter: book/concepts/three_families.ipynb.
"""

from copy import deepcopy
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import MetaLearner
from metaxai_lab.tasks import PictureTable, draw_episodes


@dataclass(frozen=True, eq=False)
class FewShotAccuracy:
    """The share of right answers in each of many episodes.

    Args:
        shares: from 0 to 1, one per episode.
    """

    n_way: int
    k_shot: int
    shares: Float[Tensor, " episode"]

    @property
    def mean(self) -> float:
        """The share of right answers, as a mean over episodes."""
        return float(self.shares.mean())

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval of the mean, by the normal approximation."""
        return float(1.96 * self.shares.std() / len(self.shares) ** 0.5)

    def __str__(self) -> str:
        percent = f"{100 * self.mean:.2f} % ± {100 * self.half_width:.2f}"
        return f"{self.n_way}-way {self.k_shot}-shot: {percent} ({len(self.shares)} episodes)"


@dataclass(frozen=True)
class EmbeddedTable:
    """A table of pictures, seen once through an embedding.

    Args:
        numbers: the same classes, where a picture holds four bytes that spell its number. So the
            sampler draws numbers, as it would have drawn pictures.
        z: the embedding of each picture.
    """

    numbers: PictureTable
    z: Float[Tensor, "picture dim"]


@torch.no_grad()
def embed_all(embed: nn.Module, table: PictureTable, *, n_at_once: int = 250) -> EmbeddedTable:
    """Embed each picture of `table` once, on its device, in evaluation mode."""
    was_training = embed.training
    embed.eval()
    parts = [embed(part.float() / 255) for part in table.pixels.split(n_at_once)]
    embed.train(was_training)
    spelled = torch.arange(len(table.pixels), dtype=torch.int32).view(-1, 1).view(torch.uint8)
    numbers = PictureTable(spelled.to(table.pixels.device), table.counts, table.names, side=2)
    return EmbeddedTable(numbers, torch.cat(parts))


@torch.no_grad()
def few_shot_accuracy(
    learner: nn.Module,
    table: EmbeddedTable,
    *,
    n_way: int,
    k_shot: int,
    n_query: int = 15,
    n_episodes: int = 1000,
    n_at_once: int = 25,
    generator: Generator,
) -> FewShotAccuracy:
    """Adapt `learner` to each of many new tasks and count right answers.

    From one generator the episodes are those that `draw_episodes` draws from the pictures.

    Args:
        learner: sees rows through its module `embed` alone, and `table` was seen through it.
        n_query: rows to judge, of each class.
        n_at_once: episodes in a batch; the numbers do not depend on it, but for which are drawn.

    Raises:
        TypeError: if the learner has no module `embed`.
        ValueError: if the table has too few classes or pictures.
    """
    judge = _seeing(learner, table.z)
    shares = []
    for begun in range(0, n_episodes, n_at_once):
        sizes = {"n_way": n_way, "k_shot": k_shot, "n_query": n_query}
        n_tasks = min(n_at_once, n_episodes - begun)
        episode = draw_episodes(table.numbers, **sizes, n_tasks=n_tasks, generator=generator)
        outputs = judge.adapt(episode.support)(episode.query.x)
        shares.append((outputs.argmax(-1) == episode.query.y).float().mean(-1))
    return FewShotAccuracy(n_way, k_shot, torch.cat(shares).cpu())


class _LookUp(nn.Module):
    """An embedding that knows the answers: reads a picture's number, gives what is stored."""

    def __init__(self, z: Float[Tensor, "picture dim"]) -> None:
        super().__init__()
        self.z = z

    def forward(self, x: Float[Tensor, "*tasks row four"]) -> Float[Tensor, "*tasks row dim"]:
        spelled = (x * 255).round().to(torch.uint8)
        return self.z[spelled.contiguous().view(torch.int32).squeeze(-1).long()]


def _seeing(learner: nn.Module, z: Float[Tensor, "picture dim"]) -> MetaLearner:
    """Return a twin of `learner` that looks pictures up."""
    if not isinstance(getattr(learner, "embed", None), nn.Module):
        raise TypeError(
            f"few_shot_accuracy needs a learner that sees rows through its module `embed`; "
            f"{type(learner).__name__} has none. Adapt it to one episode at a time instead."
        )
    twin = deepcopy(learner).eval()
    twin.embed = _LookUp(z)
    return twin  # type: ignore[return-value]
