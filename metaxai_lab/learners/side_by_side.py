"""Learners of one make trained side by side: one step moves them all, each by its own tasks.

Where tasks are small, most of a step is calling, and many learners in one call cost little more
than one. The gradient of a sum of losses is, for the weights of a learner, that of its own loss,
and AdamW moves each weight by itself: so each becomes what it would have become alone. What looks
at all gradients at once, as a clip does, would let one learner hold the others back.
Stacked weights as in `torch.func.stack_module_state`, whose example is an ensemble.
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners.outer_loop import History, meta_train

Loss = Callable[[Any, Episode], Tensor]


class SideBySide(nn.Module):
    """The weights of several learners, stacked; a loss of each for each one's tasks.

    Args:
        learners: of one make: the same weights of the same shapes. They stay as they are until
            `hand_back`.
        loss: of one learner and its tasks; it must not look at values to decide what to do.
    """

    def __init__(self, learners: Sequence[nn.Module], loss: Loss) -> None:
        super().__init__()
        self.learners = tuple(learners)  # a tuple, so that their own weights are not trained
        self.judged = (_Judged(learners[0], loss),)
        weights, held = stack_module_state([_Judged(one, loss) for one in learners])
        self.names = (*weights, *held)
        state = [*weights.values(), *held.values()]
        self.state = nn.ParameterList([nn.Parameter(t, t.requires_grad) for t in state])

    def forward(self, episode: Episode) -> Float[Tensor, " learner"]:
        """Return the loss of each learner; the first axis of the episode counts learners."""
        rows = (episode.support.x, episode.support.y, episode.query.x, episode.query.y)
        state = dict(zip(self.names, self.state, strict=True))
        return vmap(self._one, randomness="different")(state, *rows)

    @torch.no_grad()
    def hand_back(self) -> None:
        """Give each learner its weights, and leave it in evaluation mode."""
        for place, learner in enumerate(self.learners):
            own = _Judged(learner, self.judged[0].loss).state_dict()
            for name, stacked in zip(self.names, self.state, strict=True):
                own[name].copy_(stacked[place])
            learner.eval()

    def _one(self, state: dict[str, Tensor], *rows: Tensor) -> Float[Tensor, ""]:
        episode = Episode(Examples(*rows[:2]), Examples(*rows[2:]))
        return functional_call(self.judged[0], state, (episode,))


def meta_train_side_by_side(
    learners: Sequence[nn.Module],
    draw: Callable[[Generator], Episode],
    loss: Loss,
    **settings: Any,
) -> History:
    """Train several learners in place, as `meta_train` without a clip would train each.

    Args:
        learners: as in `SideBySide`, and so `loss`.
        draw: makes the tasks of a step; the first axis counts learners (see `abreast`).
        settings: go to `meta_train` as they are.

    Returns:
        The history; its losses are sums over learners.
    """
    stacked = SideBySide(learners, loss)
    try:
        return meta_train(stacked, draw, lambda all_, tasks: all_(tasks).sum(), **settings)
    finally:
        stacked.hand_back()


def abreast(parts: Sequence[Episode]) -> Episode:
    """Stack batches of tasks, one for each learner, along a new first axis."""
    support, query = (
        Examples(torch.stack([one.x for one in each]), torch.stack([one.y for one in each]))
        for each in ([p.support for p in parts], [p.query for p in parts])
    )
    return Episode(support, query)


class _Judged(nn.Module):
    def __init__(self, learner: nn.Module, loss: Loss) -> None:
        super().__init__()
        self.learner, self.loss = learner, loss

    def forward(self, episode: Episode) -> Tensor:
        return self.loss(self.learner, episode)
