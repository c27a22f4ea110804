"""The planted fault of a chapter: one column tells the class, until it does not.

Seven columns are measured; the last, a note, was filled in once the class was known. In past cases
it tells the class, in a new case it says nothing. How far a learner leans on each column is asked
of integrated gradients, and of an experiment: shuffle the column. Source: Kaufman et al. (2012),
"Leakage in data mining"; Breiman (2001), section 10, for shuffling.
Chapter: book/concepts/five_steps.ipynb.
"""

from collections.abc import Mapping
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Episode, Examples, Model, initialised_with, seeded
from metaxai_lab.explainers import integrated_gradients
from metaxai_lab.learners import Mlp, ProtoNet
from metaxai_lab.tasks import PlantedFamily

COLUMNS = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "note")
FAMILY = PlantedFamily(
    n_features=len(COLUMNS), n_relevant=3, kind="classification", noise=0.2, spurious=0.9
)
HEAVY = 3.0  # times an even share, from which on a column carries suspicion
K_SUPPORT = N_QUERY = 20


def new_tasks(n_tasks: int, *, at_work: bool, generator: Generator) -> Episode:
    """Draw tasks; at work the note of a new case says nothing, though that of past cases does."""
    return FAMILY.draw(
        k_support=K_SUPPORT, n_query=N_QUERY, n_tasks=n_tasks, generator=generator, shifted=at_work
    )


def rule_accuracy(n_tasks: int, *, generator: Generator) -> float:
    """Return how often the planted rule of each task is right at work: nothing can be better."""
    tasks = FAMILY.tasks(n_tasks, generator=generator)
    rows = tasks.draw(k_support=2, n_query=N_QUERY, generator=generator, shifted=True).query
    return float((tasks.model()(rows.x).argmax(-1) == rows.y).double().mean())


def without_note(tasks: Episode, *, generator: Generator) -> Episode:
    """Return the same tasks with notes that say nothing, in past and new cases."""
    rows = [Examples(part.x.clone(), part.y) for part in (tasks.support, tasks.query)]
    for part in rows:
        part.x[..., -1] = torch.randn(part.y.shape, generator=generator).to(part.x)
    return replace(tasks, support=rows[0], query=rows[1])


def untrained(seed: int) -> ProtoNet:
    """Return the learner that training begins with."""
    with initialised_with(seeded(seed)):
        return ProtoNet(Mlp(len(COLUMNS), (32,), 8)).eval()


def reasons(model: Model, x: Float[Tensor, "*tasks row column"]) -> Attribution:
    """Return what each column adds to the log-odds of class 1, from a row of zeros on."""

    def log_odds(rows: Tensor) -> Tensor:
        outputs = model(rows)
        return outputs[..., 1:] - outputs[..., :1]

    return integrated_gradients(log_odds, x, target=0, at_once=16 * x.shape[:-1].numel())


def importance(learner: ProtoNet, tasks: Episode) -> Float[Tensor, " column"]:
    """Return each column's share of the sizes of all contributions, mean over the new cases."""
    sizes = reasons(learner.adapt(tasks.support), tasks.query.x).values.abs()
    return (sizes / sizes.sum(-1, keepdim=True).clamp_min(1e-12)).mean((0, 1))


def accuracy(learner: ProtoNet, tasks: Episode) -> float:
    """Return the share of right answers about the new cases of all tasks."""
    with torch.no_grad():
        said = learner.adapt(tasks.support)(tasks.query.x).argmax(-1)
    return float((said == tasks.query.y).double().mean())


def shuffled(tasks: Episode, column: str, *, generator: Generator) -> Episode:
    """Return the tasks with one column of the new cases in a random order, task by task."""
    x, place = tasks.query.x.clone(), COLUMNS.index(column)
    order = torch.rand(x.shape[:-1], generator=generator).argsort(-1).to(x.device)
    x[..., place] = x[..., place].gather(-1, order)
    return replace(tasks, query=Examples(x, tasks.query.y))


def blanked(tasks: Episode, column: str) -> Episode:
    """Return the tasks with zeros in one column, of past and new cases."""
    kept = torch.tensor([name != column for name in COLUMNS])
    support, query = (
        Examples(part.x * kept.to(part.x), part.y) for part in (tasks.support, tasks.query)
    )
    return Episode(support, query, tasks.truth)


def some(tasks: Episode, n: int, *, generator: Generator) -> Episode:
    """Choose `n` of the tasks; one may come twice."""
    chosen = torch.randint(len(tasks.query.y), (n,), generator=generator).to(tasks.query.y.device)
    support, query = (
        Examples(part.x[chosen], part.y[chosen]) for part in (tasks.support, tasks.query)
    )
    return Episode(support, query)


def suspect(shares: Mapping[str, float], known: Mapping[str, bool]) -> str | None:
    """Return the heaviest of the columns not known when asked, if it is heavy; else None."""
    heavy = {n: s for n, s in shares.items() if not known[n] and s * len(shares) >= HEAVY}
    return max(heavy, key=lambda name: heavy[name]) if heavy else None
