"""Fine-tuning against a wrong reason: a penalty on the share of some columns in the reasons.

The reasons are slope times input, which a gradient can go through. The penalty is their share on
the columns, where the source squares slopes. Source: Ross, Hughes & Doshi-Velez (2017).
Chapter: book/concepts/five_steps.ipynb.
"""

from collections.abc import Callable, Collection

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.pipeline_fault import COLUMNS, some
from metaxai_lab.core import Episode, seeded
from metaxai_lab.learners import ProtoNet, meta_train

STRENGTH = 3.0  # of the penalty, in nats for a row that rests on the named column alone


def fine_tune(
    learner: ProtoNet,
    tasks: Episode,
    against: Collection[str],
    *,
    seed: int,
    steps: int,
    watch: Callable[[int, ProtoNet], None] | None = None,
) -> None:
    """Train on, in place, with a penalty on the share of the columns named; of none, no penalty.

    Args:
        watch: is called after each step with the number of steps made and the learner.

    Raises:
        ValueError: if there is no column of a name.
    """
    if unknown := sorted(set(against) - set(COLUMNS)):
        raise ValueError(
            f"the columns are {', '.join(COLUMNS)}; found {', '.join(unknown)} among those named."
        )
    named = torch.tensor([name in against for name in COLUMNS])
    meta_train(
        learner,
        lambda g: some(tasks, 16, generator=g),
        lambda learner, episode: penalised(learner, episode, named),
        steps=steps,
        outer_lr=3e-3,
        generator=seeded(seed),
        on_step=None if watch is None else lambda step, _: watch(step, learner),
        progress=False,
    )
    learner.cpu()


def penalised(
    learner: ProtoNet, episode: Episode, named: Bool[Tensor, " column"]
) -> Float[Tensor, ""]:
    """Return the loss of the new cases, plus `STRENGTH` times the mean share of the columns."""
    x = episode.query.x.detach().requires_grad_()
    outputs = learner.adapt(episode.support)(x)
    log_odds = outputs[..., 1] - outputs[..., 0]
    (slope,) = torch.autograd.grad(log_odds.sum(), x, create_graph=True)
    sizes = (slope * x).abs()
    share = (sizes * named.to(x.device)).sum(-1) / sizes.sum(-1).clamp_min(1e-12)
    wrong = F.cross_entropy(outputs.flatten(0, -2), episode.query.y.flatten())
    return wrong + STRENGTH * share.mean()
