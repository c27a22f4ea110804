"""Tasks of letters seen through the first blocks of an eye, for two attentions on trial.

The eye learned to name letters and then stays as it is; what differs between learners is what they
make of its maps. Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.classroom.seen_letters import SHOT, WAY, Seen
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.learners import ConvEncoder, embed_all, shuffled_support
from metaxai_lab.tasks import PictureTable, draw_episodes


class Front(nn.Module):
    """The first blocks of an eye, with maps of unit spread over the letters it learned from."""

    def __init__(
        self,
        eye: ConvEncoder,
        n_blocks: int,
        table: PictureTable | None = None,
        *,
        centred: bool = False,
    ) -> None:
        super().__init__()
        self.eye, self.n_blocks = eye, n_blocks
        self.shift, self.scale = nn.Buffer(torch.zeros(())), nn.Buffer(torch.ones(()))
        if table is not None:
            self.fit(table, centred=centred)

    def fit(self, table: PictureTable, *, centred: bool = False) -> Seen:
        """Give the maps of a table unit spread; return the table as it is seen from then on."""
        self.shift, self.scale = torch.zeros(()), torch.ones(())
        z = embed_all(self, table).z
        self.shift = z.mean(0) if centred else self.shift
        self.scale = z.std()
        return Seen(table, (z - self.shift) / self.scale)

    def forward(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row column"]:
        """Return the map of each picture, channel after channel."""
        pictures = x.reshape(-1, 1, self.eye.side, self.eye.side)
        maps = self.eye.blocks[: self.n_blocks](pictures).reshape(*x.shape[:-1], -1)
        return (maps - self.shift) / self.scale


def new_tasks(table: PictureTable, *, n_tasks: int, seed: int, n_query: int = 5) -> Episode:
    """Draw tasks of new letters as pictures, 5-way 5-shot, the support in random order."""
    g = seeded(seed)
    sizes = {"n_way": WAY, "k_shot": SHOT, "n_query": n_query}
    return shuffled_support(
        draw_episodes(table, **sizes, n_tasks=n_tasks, generator=g), generator=g
    )


@torch.no_grad()
def through(front: nn.Module, episode: Episode) -> Episode:
    """See the pictures of an episode through a front."""
    support, query = (Examples(front(e.x), e.y) for e in (episode.support, episode.query))
    return Episode(support, query)


def seen_through(front: nn.Module, *tables: PictureTable) -> tuple[Seen, ...]:
    """See each table through a front, once."""
    return tuple(Seen(table, embed_all(front, table).z) for table in tables)
