"""Train a learner of letters on one process or on several: see book/appendix/running_it.md."""

import os

import torch
from torch import nn

from metaxai_lab.core import at_scale, initialised_with, seeded
from metaxai_lab.learners import ProtoNet, classification_loss, meta_train
from metaxai_lab.tasks import draw_episodes, glyphs

letters = glyphs("train")
generator = seeded(0)
with initialised_with(generator):
    net = nn.Sequential(nn.Linear(28 * 28, 64), nn.ReLU(), nn.Linear(64, 32, bias=False))
learner = ProtoNet(net)


def draw(generator):
    """Draw the eight tasks of a step: eight divides by 2, 4 and 8 processes."""
    return draw_episodes(letters, n_way=5, k_shot=1, n_query=5, n_tasks=8, generator=generator)


history = meta_train(
    learner,
    draw,
    classification_loss,
    steps=at_scale(quick=40, full=4000),
    outer_lr=0.003,
    generator=generator,
    folder="runs/letters",
    progress=False,
)
if os.environ.get("RANK", "0") == "0":  # torchrun tells each process its number
    torch.save(learner.state_dict(), "learner.pt")
    losses = history.losses
    print(f"loss {losses[0]:.4f}, after {len(losses)} steps {losses[-1]:.4f}")
