"""Proximal policy optimisation: try, see what was better than expected, and do a little more of it.

The policy plays; each push is marked by its advantage, how much better it went than expected; the
chance of good pushes is raised, but never by more than a small factor before the next play. The
whole trial with its memory is what is trained, so learning to try out pays. Sources: Schulman et
al. (2016), the advantage; Schulman et al. (2017), the clipped loss; Duan et al. (2016), across
trials. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.learners.recurrent_policy import RecurrentPolicy
from metaxai_lab.learners.rollouts import Trials, log_chance, play
from metaxai_lab.tasks.rl_worlds import Worlds

CLIP = 0.2  # a chance is raised or lowered by at most this part before the next play
REWARD_UNIT = 0.1  # rewards are trained in this unit, so that values stay near 1


@dataclass(frozen=True)
class Plan:
    """The size and the knobs of a training."""

    rounds: int = 50
    worlds: int = 256  # in a round
    epochs: int = 3  # passes over a round's trials
    parts: int = 2  # of a pass, each one step of the optimiser
    rate: float = 3e-3
    discount: float = 0.95
    trust: float = 0.9  # how far advantages look beyond the value of the next state
    curiosity: float = 0.01  # weight of the entropy


def advantages(
    reward: Float[Tensor, "*world step"],
    value: Float[Tensor, "*world later"],
    *,
    discount: float,
    trust: float,
) -> Float[Tensor, "*world step"]:
    """Return how much better it went than expected after each step.

    A step's surprise is its reward and the discounted value after it, less the value before; later
    surprises count, too, by `discount * trust` for each step. A fall does not cut the sum: the
    trial goes on.

    Args:
        value: before each step, and after the last.

    Raises:
        ValueError: if there is not one more value than rewards.
    """
    if value.shape[-1] != reward.shape[-1] + 1:
        raise ValueError(
            "advantages need the value before each step and after the last; found "
            f"{reward.shape[-1]} rewards and {value.shape[-1]} values."
        )
    surprise = reward + discount * value[..., 1:] - value[..., :-1]
    found = torch.zeros_like(surprise)
    so_far = torch.zeros_like(surprise[..., 0])
    for step in reversed(range(surprise.shape[-1])):
        so_far = surprise[..., step] + discount * trust * so_far
        found[..., step] = so_far
    return found


def clipped_gain(
    ratio: Float[Tensor, "*batch"], advantage: Float[Tensor, "*batch"], *, clip: float = CLIP
) -> Float[Tensor, "*batch"]:
    """Return what PPO raises: the ratio of new to old chance, times the advantage, clipped.

    Clipping takes away what a ratio beyond 1 - clip to 1 + clip could win, never what it loses.
    """
    return torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)


def ppo_loss(
    policy: RecurrentPolicy,
    trials: Trials,
    some: Tensor,
    advantage: Float[Tensor, "world step"],
    *,
    curiosity: float,
) -> Float[Tensor, ""]:
    """Return the loss on some of the trials: pushes, values, and a price on too much certainty."""
    said = policy(trials.seen[some], trials.past[some])
    ratio = (log_chance(said.log_odds, trials.action[some]) - trials.log_chance[some]).exp()
    scaled = (advantage - advantage.mean()) / (advantage.std() + 1e-6)
    gain = clipped_gain(ratio, scaled[some]).mean()
    wanted = (advantage + trials.value[:, :-1])[some]
    entropy = F.binary_cross_entropy_with_logits(said.log_odds, said.log_odds.sigmoid())
    return 0.5 * (said.value - wanted).square().mean() - gain - curiosity * entropy


def train_ppo(
    policy: RecurrentPolicy,
    draw: Callable[[Generator], Worlds],
    *,
    plan: Plan,
    generator: Generator,
) -> list[float]:
    """Train a policy on new worlds in each round; return its mean points a trial, for each.

    Raises:
        RuntimeError: if a gradient is NaN or infinite; the policy is as it was before that step.
    """
    optimiser = torch.optim.Adam(policy.parameters(), lr=plan.rate, fused=True)
    slower = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=plan.rounds)
    points = []
    for _ in range(plan.rounds):
        trials = play(policy, draw(generator), generator=generator)
        advantage = advantages(
            REWARD_UNIT * trials.reward, trials.value, discount=plan.discount, trust=plan.trust
        )
        for _ in range(plan.epochs):
            order = torch.randperm(len(trials.seen), generator=generator)
            for some in order.chunk(plan.parts):
                optimiser.zero_grad()
                ppo_loss(policy, trials, some, advantage, curiosity=plan.curiosity).backward()
                nn.utils.clip_grad_norm_(policy.parameters(), 0.5, error_if_nonfinite=True)
                optimiser.step()
        slower.step()
        points.append(float(trials.reward.sum(1).mean()))
    return points
