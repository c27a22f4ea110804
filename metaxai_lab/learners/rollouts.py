"""A policy plays its trials: all worlds side by side, one loop over the steps.

Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.learners.recurrent_policy import RecurrentPolicy
from metaxai_lab.tasks.rl_worlds import HALF, Worlds


@dataclass(frozen=True)
class Trials:
    """Whole trials, step by step.

    Args:
        seen: what was seen before each push.
        after: what was seen right after it.
        action: 1 for a push to the right.
        past: the row that the policy keeps of each step.
        reward: points.
        log_chance: of the pushes, as the policy drew them.
        value: what the policy expected before each push, and after the last.
        weights: of the past steps at each step.
    """

    seen: Float[Tensor, "world step seen"]
    after: Float[Tensor, "world step seen"]
    action: Float[Tensor, "world step"]
    past: Float[Tensor, "world step row"]
    reward: Float[Tensor, "world step"]
    fell: Bool[Tensor, "world step"]
    log_chance: Float[Tensor, "world step"]
    value: Float[Tensor, "world later"]
    weights: Float[Tensor, "world step step"]

    def halves(self, of: Float[Tensor, "world step"]) -> Float[Tensor, "world 2"]:
        """Return the sums over the first and over the second half of each trial."""
        middle = of.shape[1] // 2
        return torch.stack([of[:, :middle].sum(1), of[:, middle:].sum(1)], 1)


@torch.no_grad()
def play(
    policy: RecurrentPolicy,
    worlds: Worlds,
    *,
    generator: Generator,
    n_steps: int = 2 * HALF,
    greedy: bool = False,
    wiped: int | None = None,
) -> Trials:
    """Play one trial in each world.

    Args:
        greedy: whether to take the likelier push; otherwise pushes are drawn.
        wiped: the step before which all is forgotten; without it, nothing is.
    """
    seen, memory = worlds.begin(generator=generator), policy.start(worlds.n_worlds)
    kept: list[tuple[Tensor, ...]] = []
    for now in range(n_steps):
        if now == wiped:
            memory = policy.start(worlds.n_worlds)
        said = policy.decide(memory, seen)
        chance = torch.rand(worlds.n_worlds, generator=generator).to(seen)
        action = (said.log_odds > 0 if greedy else chance < said.log_odds.sigmoid()).to(seen)
        step = worlds.step(seen, action, now=now, generator=generator)
        past = policy.past_step(seen, action, step.after, step.fell)
        memory = policy.remember(memory, past)
        weights = F.pad(said.weights, (n_steps - said.weights.shape[1], 0)).roll(now, 1)
        kept.append(
            (
                seen,
                step.after,
                action,
                past,
                step.reward,
                step.fell,
                log_chance(said.log_odds, action),
                said.value,
                weights,
            )
        )
        seen = step.seen
    parts = [torch.stack(part, 1) for part in zip(*kept, strict=True)]
    last = policy.decide(memory, seen).value
    parts[7] = torch.cat([parts[7], last[:, None]], 1)
    return Trials(*parts)


def log_chance(
    log_odds: Float[Tensor, "*batch"], action: Float[Tensor, "*batch"]
) -> Float[Tensor, "*batch"]:
    """Return the logarithm of the chance of an action, 0 or 1."""
    return -F.binary_cross_entropy_with_logits(log_odds, action, reduction="none")
