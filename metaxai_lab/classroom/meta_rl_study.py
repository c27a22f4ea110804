"""Who steers carts with hidden wiring: a policy with a memory, its rivals, and their marks.

All rivals are the same net, trained for as long on the same worlds; they differ in what they may
read. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from dataclasses import dataclass

from jaxtyping import Float
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
    "attention alone": Kind("alone"),
    "no memory": Kind("nothing"),
    "even attention": Kind("evenly"),
    "told the sign": Kind("nothing", told=True),
}


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


def marks(policy: RecurrentPolicy, who: str) -> dict[str, float]:
    """Return the mean points and falls of both rounds, and the points where all was forgotten."""
    whole, wiped = judged(policy, who), judged(policy, who, wiped=HALF)
    found = {}
    for name, trials in (("", whole), (", wiped", wiped)):
        for what, of in (("points", points), ("falls", falls)):
            first, second = of(trials).mean(0).tolist()
            found |= {f"{what}{name}, first": first, f"{what}{name}, second": second}
    return found
