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
from torch.nn.functional import normalize

from metaxai_lab.classroom.domains_study import some_asked
from metaxai_lab.core import Attribution, Episode, Model, seeded
from metaxai_lab.evaluation import deletion, insertion, mass_in_mask
from metaxai_lab.evaluation.intervals import lead
from metaxai_lab.explainers import read_attention
from metaxai_lab.learners import class_means
from metaxai_lab.learners.convolved import CELL, ConvolvedLearner, ConvolvedModel
from metaxai_lab.learners.prototypes import squared_distances

MOST = 4  # query rows of a task whose explanation is judged
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


def judged(
    learner: ConvolvedLearner, tasks: Sequence[Episode], *, seed: int, most: int = MOST
) -> Marks:
    """Judge predictions on these tasks, and attention on `most` query rows of each, by lot."""
    right, guessing, faithful, inside = [], [], [], []
    for number, task in enumerate(tasks):
        with torch.no_grad():
            model = learner.adapt(task.support)
            right.append((model(task.query.x).argmax(-1) == task.query.y).float().mean())
        guessing.append(1 / len(task.support.y.unique()))
        few = some_asked(task, most, generator=seeded(number))
        shown = attention_of(model, few)
        faithful.append(stands(model, shown, seed=1000 * seed + number).mean())
        if few.truth is not None:
            inside.append(torch.tensor(mass_in_mask(shown, few.truth, cell=CELL).lift))
    return Marks(
        torch.stack(right),
        torch.tensor(guessing),
        torch.stack(faithful),
        torch.stack(inside) if inside else torch.zeros(0),
    )


def by_pixels(tasks: Sequence[Episode]) -> Float[Tensor, " task"]:
    """Return the share of right answers of a rival that learned nothing: class means of pixels.

    It treats pixels as the learner treats its embeddings: about the support's mean, of length 1.
    """
    right = []
    for task in tasks:
        middle = task.support.x.mean(0)
        shown, asked = (normalize(part.x - middle, dim=-1) for part in (task.support, task.query))
        nearest = squared_distances(asked, class_means(shown, task.support.y)).argmin(-1)
        right.append((nearest == task.query.y).float().mean())
    return torch.stack(right)


def attention_of(model: ConvolvedModel, task: Episode) -> Attribution:
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
    learner: ConvolvedLearner,
    others: Mapping[str, ConvolvedLearner],
    tasks: Sequence[Episode],
    *,
    seed: int,
    most: int = MOST,
) -> dict[str, Float[Tensor, " task"]]:
    """Explain one learner's answers by the attention of others, and by ink alone, as `judged` does.

    Ink ranks a cell by how far its pixels are from blank; it has learned nothing.
    """
    found: dict[str, list[Tensor]] = {name: [] for name in (*others, "ink")}
    for number, task in enumerate(tasks):
        with torch.no_grad():
            model = learner.adapt(task.support)
            maps = {name: each.adapt(task.support) for name, each in others.items()}
        few = some_asked(task, most, generator=seeded(number))
        own = attention_of(model, few)
        shown = {name: attention_of(each, few) for name, each in maps.items()}
        shown["ink"] = Attribution(own.inputs.abs(), own.inputs, own.output, own.reference)
        for name, one in shown.items():
            found[name].append(stands(model, one, seed=1000 * seed + number).mean())
    return {name: torch.stack(values) for name, values in found.items()}
