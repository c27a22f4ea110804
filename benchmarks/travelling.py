"""Rungs beside the explainer that travels: the record that book/local/travelling_explainer shows.

    python benchmarks/travelling.py --store

Explainers trained for one network each, controls of the warm start, and a network in context on
top of the closed form. Without --store it prints. With --only, parts that are not asked for keep
their stored numbers.
"""

from functools import cache
from pathlib import Path
from time import process_time

import torch

from metaxai_lab.classroom import travelling_record as record
from metaxai_lab.classroom import travelling_study as study
from metaxai_lab.classroom.record import remake
from metaxai_lab.core import seeded
from metaxai_lab.explainers.in_context import InContext, train_in_context

STEPS = 4000  # of the network in context
MORE_SEEDS = (1, 2)  # of random models that it learns from
ROOMS = Path(study.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for."""
    torch.set_num_threads(1)
    remake(PARTS, record.PLACE, record.COMMAND, rooms())


def rooms() -> list[Path]:
    """Return the rooms that the record rests on."""
    used = ("amortized", "amortized_net", "coalition_prior", "in_context", "stored_values")
    files = [ROOMS / "explainers" / f"{name}.py" for name in used]
    return [*files, *sorted(ROOMS.glob("classroom/travelling_*.py"))]


@cache
def traveller() -> study.Traveller:
    """Return what travels, as the page learns it."""
    met, _ = study.random_games(study.plan().n_met, seed=1)
    return study.learn(met, outer_steps=study.plan().outer_steps)


def in_context() -> record.Numbers:
    """Train the network on random models; one number for each number of questions."""
    prior, begun = traveller().prior, process_time()
    games = study.joined(*(study.random_games(study.plan().n_met, seed=s)[0] for s in MORE_SEEDS))
    net = InContext(generator=seeded(0))
    train_in_context(net, games, prior, queries=study.QUERIES, steps=STEPS, generator=seeded(1))
    yield "in context, seconds", [process_time() - begun]
    yield "in context, weights", [float(sum(p.numel() for p in net.parameters()))]
    judges = {"random": study.random_games(study.plan().n_unseen, seed=99)[0]}
    judges |= {"real": study.real_games()[0]}
    for name, games in judges.items():
        for rung, explain in {
            "in context": study.by_net(net, prior),
            "closed": study.by_prior(prior),
        }.items():
            errors = [study.errors(explain, games, k, n_draws=3).mean() for k in study.QUERIES]
            yield f"{rung}, {name}", [float(error) for error in errors]


def rungs() -> record.Numbers:
    """Explain three networks by each rung."""
    yield from record.rungs(traveller())


PARTS = {"in_context": in_context, "rungs": rungs, "controls": record.controls}

if __name__ == "__main__":
    main()
