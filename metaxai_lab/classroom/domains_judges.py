"""What a learner's attention is worth in a domain: does the answer hang on what it ranks high?

All is asked of the answer itself, not of its probability: a learner that is never sure would else
look faithful or not by its sureness alone. So an untrained learner can be judged beside a trained.
Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.domains_study import CELL
from metaxai_lab.core import Attribution, Episode, Model, seeded
from metaxai_lab.evaluation import deletion, insertion, mass_in_mask
from metaxai_lab.evaluation.intervals import lead
from metaxai_lab.explainers import read_attention
from metaxai_lab.learners import AttentiveLearner, AttentiveModel

FIRM = 1e6  # times the log-odds: the likeliest class gets all


@dataclass(frozen=True)
class Marks:
    """The marks of a learner in a domain, one for each task.

    Args:
        right: share of query rows answered rightly.
        guessing: what guessing gets: one over the number of classes.
        faithful: how much longer the answer stands in the order of attention than in a random one.
        inside: attention inside the mask, over the mask's share of the cells; empty without masks.
    """

    right: Float[Tensor, " task"]
    guessing: Float[Tensor, " task"]
    faithful: Float[Tensor, " task"]
    inside: Float[Tensor, " some"]


def firmly(model: Model) -> Model:
    """Return the model that gives its likeliest class all the probability."""
    return lambda x: FIRM * model(x)


def judged(learner: AttentiveLearner, tasks: Sequence[Episode], *, seed: int) -> Marks:
    """Judge predictions and attention on these tasks."""
    right, guessing, faithful, inside = [], [], [], []
    for number, task in enumerate(tasks):
        with torch.no_grad():
            model = learner.adapt(task.support)
            right.append((model(task.query.x).argmax(-1) == task.query.y).float().mean())
        guessing.append(1 / len(task.support.y.unique()))
        shown = attention_of(model, task)
        faithful.append(stands(model, shown, seed=1000 * seed + number).mean())
        if task.truth is not None:
            inside.append(torch.tensor(mass_in_mask(shown, task.truth, cell=CELL).lift))
    return Marks(
        torch.stack(right),
        torch.tensor(guessing),
        torch.stack(faithful),
        torch.stack(inside) if inside else torch.zeros(0),
    )


def attention_of(model: AttentiveModel, task: Episode) -> Attribution:
    """Return the attention to each query row, for the answer that was given."""
    with torch.no_grad():
        answers = model(task.query.x).argmax(-1)
    return read_attention(model, task.query.x, target=answers)


def stands(model: Model, shown: Attribution, *, seed: int) -> Float[Tensor, " row"]:
    """Return how much longer the answer of each row stands than in random orders.

    It is the mean of two leads. Insertion: cells come back, the highest first; the answer should be
    there early. Deletion: cells go, the highest first; the answer should be gone early. Each is the
    share of the steps at which the answer is the whole picture's, and its lead over random orders.
    """
    with torch.no_grad():
        answers = model(shown.inputs).argmax(-1)
    asked = {"target": answers, "cell": CELL, "n_steps": 10, "n_draws": 4}
    back = insertion(firmly(model), shown, generator=seeded(seed), **asked)
    gone = deletion(firmly(model), shown, generator=seeded(seed), **asked)
    return (lead(back) + lead(gone)) / 2


def by_others(
    learner: AttentiveLearner,
    others: Mapping[str, AttentiveLearner],
    tasks: Sequence[Episode],
    *,
    seed: int,
) -> dict[str, Float[Tensor, " task"]]:
    """Explain one learner's answers by its own attention, by that of others, and by ink alone.

    Ink ranks a cell by how far its pixels are from blank; it has learned nothing.
    """
    found: dict[str, list[Tensor]] = {name: [] for name in ("own", *others, "ink")}
    for number, task in enumerate(tasks):
        with torch.no_grad():
            model = learner.adapt(task.support)
            maps = {name: each.adapt(task.support) for name, each in others.items()}
        own = attention_of(model, task)
        shown = {"own": own, **{name: attention_of(each, task) for name, each in maps.items()}}
        shown["ink"] = Attribution(own.inputs.abs(), own.inputs, own.output, own.reference)
        for name, one in shown.items():
            found[name].append(stands(model, one, seed=1000 * seed + number).mean())
    return {name: torch.stack(values) for name, values in found.items()}
