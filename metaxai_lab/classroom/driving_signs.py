"""Few-shot traffic signs: does a learner with attention look at the sign, and read it?

Trained on drawn signs, judged on drawn signs with pictograms it has never seen, and on photographs
of real signs with boxes. Chapter: book/applications/driving.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import (
    Attribution,
    Episode,
    Examples,
    Score,
    at_scale,
    initialised_with,
    seeded,
)
from metaxai_lab.evaluation import mass_in_mask
from metaxai_lab.explainers import spread
from metaxai_lab.learners import AttentiveLearner, classification_loss, meta_train
from metaxai_lab.tasks import pictures
from metaxai_lab.tasks.boxes import box_masks, sign_boxes
from metaxai_lab.tasks.road_signs import SIDE, draw_sign_episodes
from metaxai_lab.tasks.sampling import distinct, random_order


def fresh_reader(seed: int) -> AttentiveLearner:
    """Return a learner that has seen no sign."""
    with initialised_with(seeded(seed)):
        return AttentiveLearner(5, side=SIDE, dim=32, cell=4).eval()


def train_reader(seed: int) -> AttentiveLearner:
    """Train on tasks of five drawn signs."""
    learner = fresh_reader(seed)
    meta_train(
        learner,
        lambda g: draw_sign_episodes("train", n_tasks=8, generator=g),
        classification_loss,
        steps=at_scale(quick=200, full=2000),
        outer_lr=5e-3,
        clip=1.0,
        weight_decay=1e-4,
        generator=seeded(seed),
        progress=False,
        device="cpu",
    )
    return learner.eval()


def judge_reader(
    learner: AttentiveLearner, episode: Episode
) -> tuple[Float[Tensor, " task"], Score]:
    """Return the accuracy of each task, and how much attention lies in each sign."""
    with torch.no_grad():
        model = learner.adapt(episode.support)
        right = model(episode.query.x).argmax(-1) == episode.query.y
        weights = spread(model.attention(episode.query.x), episode.query.x.shape[-1])
    nothing = torch.zeros(weights.shape[:-1])
    shown = Attribution(weights, weights, nothing, nothing, unit="share of attention")
    truth = torch.zeros_like(weights).bool() if episode.truth is None else episode.truth
    return right.float().mean(-1), mass_in_mask(shown, truth)


def real_signs(*, n_tasks: int, k_shot: int, n_query: int, generator: Generator) -> Episode:
    """Draw tasks of real signs in grey, one picture of each track, with their boxes as truth.

    Raises:
        MissingSetError: if the set is not on this machine.
    """
    table = pictures("gtsrb", "all", side=SIDE)
    grey = table.pixels.view(-1, table.channels, SIDE * SIDE).float().mean(1) / 255
    boxes = box_masks(sign_boxes(), SIDE)
    enough = (table.counts >= k_shot + n_query).nonzero()[:, 0]
    classes = enough[distinct(len(enough), 5, (n_tasks,), generator)]
    items = random_order(table.counts[classes], k_shot + n_query, generator)
    rows = table.starts[classes][..., None] + items
    y = torch.arange(5)[:, None].expand(n_tasks, -1, k_shot + n_query)

    def part(which: slice) -> Examples:
        return Examples(grey[rows[:, :, which].flatten(1)], y[:, :, which].flatten(1))

    query = slice(k_shot, None)
    return Episode(part(slice(k_shot)), part(query), boxes[rows[:, :, query].flatten(1)])
