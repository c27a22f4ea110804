"""Rungs beside the explainer that travels: the record that book/local/travelling_explainer shows.

    python benchmarks/travelling.py --store

Explainers trained for one network each, and a network in context on top of the closed form. Without
--store it prints.
"""

import argparse
import platform
from datetime import date
from time import process_time

import torch

from metaxai_lab.classroom import travelling_study as study
from metaxai_lab.classroom.record import Record, store
from metaxai_lab.classroom.travelling_record import COMMAND, PLACE, Numbers, rungs
from metaxai_lab.core import seeded
from metaxai_lab.explainers.in_context import InContext, train_in_context

STEPS = 4000  # of the network in context
MORE_SEEDS = (1, 2)  # of random models that it learns from


def main() -> None:
    """Make both parts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", action="store_true")
    told = asked.parse_args()
    torch.set_num_threads(1)
    met, _ = study.random_games(study.plan().n_met, seed=1)
    traveller = study.learn(met, outer_steps=study.plan().outer_steps)
    numbers = {}
    for name, found in (*in_context(traveller), *rungs(traveller)):
        print(name, [round(one, 4) for one in found], flush=True)
        numbers[name] = [round(one, 5) for one in found]
    if told.store:
        made = {"command": COMMAND, "python": platform.python_version(), "on": str(date.today())}
        store(Record({**made, "torch": torch.__version__}, numbers), PLACE)


def in_context(traveller: study.Traveller) -> Numbers:
    """Train the network on random models; one number for each number of questions."""
    prior, begun = traveller.prior, process_time()
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


if __name__ == "__main__":
    main()
