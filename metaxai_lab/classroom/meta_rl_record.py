"""Five trainings of six kinds of policy, and what names the step that turned a push: stored.

The page trains the first of them anew. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import gymnasium
import torch

from metaxai_lab.classroom import meta_rl_judges as judges
from metaxai_lab.classroom import meta_rl_study as study
from metaxai_lab.classroom.record import Part, Record, read
from metaxai_lab.core import seeded
from metaxai_lab.evaluation import Interval, t_interval
from metaxai_lab.learners.recurrent_policy import RecurrentPolicy
from metaxai_lab.learners.rollouts import play
from metaxai_lab.tasks.rl_gymnasium import GymWorlds

PLACE = Path(__file__).parents[2] / "book" / "outlook" / "meta_rl_study.json"
COMMAND = "python benchmarks/meta_rl.py --store"
SEEDS = (0, 1, 2, 3, 4)
STORED = (
    "memory",
    "state alone",
    "attention alone",
    "even attention",
    "no memory",
    "told the sign",
)
EXPLAINED = ("memory", "attention alone")


def of_kind(who: str) -> Iterator[tuple[str, list[float]]]:
    """Train a kind of policy with every seed: the marks, one number for each seed."""
    policies = [study.train(who, seed) for seed in SEEDS]
    yield from gathered(who, [study.marks(policy, who) for policy in policies])
    if who in EXPLAINED:
        yield from gathered(who, [explained(policy) | on_plain(policy) for policy in policies])


def gathered(who: str, found: list[dict[str, float]]) -> Iterator[tuple[str, list[float]]]:
    """Return the marks of several seeds, one list for each mark."""
    for name in found[0]:
        yield f"{who}, {name}", [each[name] for each in found]


def explained(policy: RecurrentPolicy, *, n_worlds: int = 300) -> dict[str, float]:
    """Return how often the step that each explanation names turns the push when taken out."""
    carts = study.trial_worlds(n_worlds=n_worlds)
    trials = play(policy, carts, generator=seeded(900_002), greedy=True)
    replays = judges.replay(policy, trials)
    named = {
        "attention": judges.named_by_attention(replays),
        "gradient": judges.named_by_gradient(policy, trials),
        "evidence": judges.named_by_evidence(carts, trials),
        "latest": judges.named_latest(replays),
        "drawn": judges.drawn_step(replays, generator=seeded(900_003)),
    }
    flips = {name: replays.flipped_by(step) for name, step in named.items()}
    flips["best"] = replays.by_any()
    first = torch.tensor(judges.MOMENTS) < study.HALF
    found = {}
    for name, each in flips.items():
        found[f"turned by {name}"] = float(each.mean())
        found[f"turned by {name}, first"] = float(each[:, first].mean())
        found[f"turned by {name}, second"] = float(each[:, ~first].mean())
    return found


def on_plain(policy: RecurrentPolicy, *, n_carts: int = 20) -> dict[str, float]:
    """Return the falls in a trial of Gymnasium's own CartPole, which no policy has met."""
    carts = GymWorlds([gymnasium.make("CartPole-v1") for _ in range(n_carts)])
    trials = play(policy, carts, generator=seeded(9), greedy=True)
    return {"plain CartPole, falls": float(study.falls(trials).sum(1).mean())}


def whole(place: Path = PLACE) -> Record:
    """Return all that is stored, such as "memory, falls, second": one number for each seed."""
    return read(place, COMMAND)


def over_seeds(kept: Record, name: str, less: str | None = None) -> Interval:
    """Return the mean over seeds, with its interval; of differences, seed by seed, with `less`."""
    values = torch.tensor(kept[name], dtype=torch.float64)
    if less is not None:
        values = values - torch.tensor(kept[less], dtype=torch.float64)
    return t_interval(values)


PARTS: dict[str, Part] = {who: partial(of_kind, who) for who in STORED}
