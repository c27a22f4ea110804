"""Which past step made it push so? Take one out of the memory, replay, and see what it does.

The replay forgets one step altogether, in the attention and in the carried state; all else stays as
it was. It is exact, so it judges the others: attention, the gradient, and the simulator's truth of
how much a step told about the wiring. Leaving one out as a judge: Jain & Wallace (2019), section
4.1, there for words. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.learners.recurrent_policy import RecurrentPolicy
from metaxai_lab.learners.rollouts import Trials
from metaxai_lab.tasks.rl_trials import WiredCarts

MOMENTS = (3, 5, 8, 12, 18, 25, 33, 40, 50, 60)  # of a trial, at which is asked


@dataclass(frozen=True)
class Replays:
    """Decisions at some moments of trials, and the same with each past step taken out.

    Args:
        log_odds: of pushing right.
        without: the same where the memory has not got that step.
        weights: the attention.
        known: the steps that lie before the moment.
    """

    log_odds: Float[Tensor, "world moment"]
    without: Float[Tensor, "world moment step"]
    weights: Float[Tensor, "world moment step"]
    known: Bool[Tensor, "moment step"]

    @property
    def flips(self) -> Bool[Tensor, "world moment step"]:
        """Marks the steps without which the other push would have been likelier."""
        return ((self.without > 0) != (self.log_odds > 0)[..., None]) & self.known

    @property
    def moved(self) -> Float[Tensor, "world moment step"]:
        """How far the chance of pushing right moves without each step."""
        apart = (self.without.sigmoid() - self.log_odds.sigmoid()[..., None]).abs()
        return apart * self.known

    def flipped_by(self, named: Int[Tensor, "world moment"]) -> Float[Tensor, "world moment"]:
        """Return 1 where taking out the named step turns the push round."""
        return self.flips.gather(-1, named[..., None])[..., 0].double()

    def by_random(self) -> Float[Tensor, "world moment"]:
        """Return the chance that a past step drawn evenly turns the push round."""
        return self.flips.double().sum(-1) / self.known.sum(-1)

    def by_any(self) -> Float[Tensor, "world moment"]:
        """Return 1 where there is a step that turns it round: more no explanation can find."""
        return self.flips.any(-1).double()


@torch.no_grad()
def replay(
    policy: RecurrentPolicy, trials: Trials, *, moments: tuple[int, ...] = MOMENTS
) -> Replays:
    """Ask the policy at each moment, with its whole past and with each step of it taken out."""
    n_steps = trials.past.shape[1]
    at = torch.tensor(moments, device=trials.past.device)
    whole = policy(trials.seen, trials.past)
    steps = torch.arange(n_steps, device=at.device)
    without = [
        policy(trials.seen, trials.past, kept=(steps != step)[None]).log_odds[:, at]
        for step in range(max(moments))
    ]
    unread = [whole.log_odds[:, at]] * (n_steps - max(moments))
    known = steps < at[:, None]
    return Replays(
        whole.log_odds[:, at], torch.stack(without + unread, -1), whole.weights[:, at], known
    )


def named_by_attention(replays: Replays) -> Int[Tensor, "world moment"]:
    """Return the past step with the most weight."""
    return replays.weights.masked_fill(~replays.known, -1.0).argmax(-1)


def named_by_gradient(
    policy: RecurrentPolicy, trials: Trials, *, moments: tuple[int, ...] = MOMENTS
) -> Int[Tensor, "world moment"]:
    """Return the past step whose gradient times row is farthest from 0."""
    past = trials.past.clone().requires_grad_()
    said = policy(trials.seen, past).log_odds
    named = []
    for moment in moments:
        (slope,) = torch.autograd.grad(said[:, moment].sum(), past, retain_graph=True)
        named.append((slope * past.detach()).sum(-1).abs()[:, :moment].argmax(-1))
    return torch.stack(named, 1)


def named_by_evidence(
    carts: WiredCarts, trials: Trials, *, moments: tuple[int, ...] = MOMENTS
) -> Int[Tensor, "world moment"]:
    """Return the past step that told most about the sign, for one who knows all but the sign."""
    told = evidence(carts, trials)
    return torch.stack([told.abs()[:, :moment].argmax(-1) for moment in moments], 1)


def named_latest(
    replays: Replays, *, moments: tuple[int, ...] = MOMENTS
) -> Int[Tensor, "world moment"]:
    """Return the step just before each moment."""
    latest = torch.tensor(moments, device=replays.weights.device) - 1
    return latest.expand(len(replays.weights), -1)


def evidence(carts: WiredCarts, trials: Trials) -> Float[Tensor, "world step"]:
    """Return how far each step of the trials spoke for "not reversed", in log-odds."""
    return carts.evidence(trials.action, carts.felt(trials.seen[..., :4], trials.after[..., :4]))


def drawn_step(replays: Replays, *, generator: Generator) -> Int[Tensor, "world moment"]:
    """Draw a past step evenly, as the control that knows nothing."""
    chance = torch.rand(replays.weights.shape, generator=generator).to(replays.weights)
    return chance.masked_fill(~replays.known, -1.0).argmax(-1)
