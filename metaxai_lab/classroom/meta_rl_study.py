"""Who steers carts with hidden wiring: a policy with a memory, its rivals, and their marks.

All rivals are the same net, trained for as long on the same worlds; they differ in what they may
read. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import at_scale, initialised_with, seeded
from metaxai_lab.learners.ppo import Plan, train_ppo
from metaxai_lab.learners.recurrent_policy import Reads, RecurrentPolicy
from metaxai_lab.learners.rollouts import Trials, play
from metaxai_lab.tasks.rl_trials import WiredCarts, WiredFamily
from metaxai_lab.tasks.rl_worlds import HALF


@dataclass(frozen=True)
class Kind:
    """What a policy may read of its past, and whether it is told the sign."""

    reads: Reads
    told: bool = False


KINDS = {
    "memory": Kind("past"),
    "state alone": Kind("state"),
    "attention alone": Kind("alone"),
    "no memory": Kind("nothing"),
    "even attention": Kind("evenly"),
    "told the sign": Kind("nothing", told=True),
}
PUSHES = (1, 2, 3, 5, 9)  # of a round, at which is looked whether they go under the pole


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(), full=Plan(rounds=200))


def fresh(who: str, seed: int) -> RecurrentPolicy:
    """Return a policy of a kind that has learned nothing."""
    kind = KINDS[who]
    with initialised_with(seeded(seed)):
        return RecurrentPolicy(n_seen=5 if kind.told else 4, reads=kind.reads)


def train(who: str, seed: int, *, size: Plan | None = None) -> RecurrentPolicy:
    """Train a policy of a kind by PPO, on new worlds in each round."""
    policy, size = fresh(who, seed), size or plan()
    family = WiredFamily(told=KINDS[who].told)

    def draw(generator: Generator) -> WiredCarts:
        return family.draw(size.worlds, generator=generator)

    train_ppo(policy, draw, plan=size, generator=seeded(100 + seed))
    return policy.eval()


def trial_worlds(who: str = "memory", n_worlds: int = 1000) -> WiredCarts:
    """Return the worlds on which everybody is judged; training has drawn others."""
    return WiredFamily(told=KINDS[who].told).draw(n_worlds, generator=seeded(900_000))


def judged(
    policy: RecurrentPolicy, who: str, *, n_worlds: int = 1000, wiped: int | None = None
) -> Trials:
    """Play one trial in each test world; the likelier push is taken."""
    worlds = trial_worlds(who, n_worlds)
    return play(policy, worlds, generator=seeded(900_001), greedy=True, wiped=wiped)


def points(trials: Trials) -> Float[Tensor, "world 2"]:
    """Return the points of each world in the first and in the second round."""
    return trials.halves(trials.reward)


def falls(trials: Trials) -> Float[Tensor, "world 2"]:
    """Return the falls of each world in the first and in the second round."""
    return trials.halves(trials.fell.to(trials.reward))


def goes_under(trials: Trials, carts: WiredCarts) -> Bool[Tensor, "world step"]:
    """Mark the pushes that go to where the pole leans, as most pushes of a good hand do.

    Where it leans by now and where its turning takes it within a tenth of a second are added.
    """
    leans = trials.seen[..., 2] + 0.1 * trials.seen[..., 3]
    return (2 * trials.action - 1) * carts.sign[:, None] * leans > 0


def marks(policy: RecurrentPolicy, who: str) -> dict[str, float]:
    """Return the means of both rounds, and the same where all was forgotten at the half.

    Points and falls of a round, and how many of some of its pushes went to where the pole leans.
    """
    carts, found = trial_worlds(who), {}
    for name, wiped in (("", None), (", wiped", HALF)):
        trials = judged(policy, who, wiped=wiped)
        under = goes_under(trials, carts).to(trials.reward).mean(0).unflatten(0, (2, HALF))
        told = {"points": points(trials).mean(0), "falls": falls(trials).mean(0)}
        told |= {f"push {push} under": under[:, push - 1] for push in PUSHES}
        for what, (first, second) in told.items():
            found[f"{what}{name}, first"] = float(first)
            found[f"{what}{name}, second"] = float(second)
    return found
