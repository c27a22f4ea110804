"""What two attentions get from their judges, over tasks of new letters.

Over support rows: does the weight lie on the right class, and does it order the rows as leaving
them out does? Over cells: maps of a learner, and explanations of many methods to be judged alike.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from metaxai_lab.core import Attribution, Episode, Examples, Explainer, Model, Score
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.evaluation.intervals import t_interval
from metaxai_lab.explainers import leave_one_out
from metaxai_lab.learners.attended_maps import AttendedMaps


@dataclass(frozen=True)
class SupportMarks:
    """What attention over support rows got, as means over the query rows.

    Args:
        accuracy: the share of right answers.
        mass: the share of the attention on rows of the query's own class.
        of_answer: on rows of the class that was answered.
        peak: how often the heaviest row is of the query's own class.
        order: Spearman's correlation of weights and sizes of what leaving each row out does to the
            log-probability of the answer.
    """

    accuracy: float
    mass: float
    of_answer: float
    peak: float
    order: float


@torch.no_grad()
def support_marks(learner: Any, episode: Episode) -> SupportMarks:
    """Judge attention over support rows on new tasks."""
    support, query = episode.support, episode.query
    model = learner.adapt(support)
    answer, weights = model(query.x).argmax(-1), model.support_weights(query.x)
    labels = support.y.unsqueeze(-2).expand_as(weights)
    own, of_answer = (labels == y.unsqueeze(-1) for y in (query.y, answer))
    heaviest = own.gather(-1, weights.argmax(-1, keepdim=True))
    lost = leave_one_out(learner, support, query.x, answer).values.abs()
    found = (
        answer == query.y,
        (weights * own).sum(-1) / weights.sum(-1),
        (weights * of_answer).sum(-1) / weights.sum(-1),
        heaviest,
        rank_correlation(weights, lost),
    )
    return SupportMarks(*(float(part.float().mean()) for part in found))


@torch.no_grad()
def right(learner: Any, episode: Episode) -> float:
    """Return the share of right answers."""
    answers = learner.adapt(episode.support)(episode.query.x)
    return float((answers.argmax(-1) == episode.query.y).float().mean())


def with_front(learner: AttendedMaps, front: nn.Module) -> AttendedMaps:
    """Return a copy that sees pictures, through `front`; the front is copied too."""
    twin = deepcopy(learner)
    twin.front = deepcopy(front)
    return twin.eval()


@torch.no_grad()
def looked(learner: AttendedMaps, episode: Episode) -> Attribution:
    """Return the attention to the cells of each query picture, beside the answer's output."""
    x, model = episode.query.x, learner.adapt(episode.support)
    weights, output = model.attention(x).flatten(-2), model(x).amax(-1)
    nothing = torch.zeros_like(output)
    return Attribution(weights, weights, output, nothing, unit="share of attention")


def interval(score: Score, less: Score | None = None) -> tuple[float, float]:
    """Return the mean over tasks, and half of its 95 % interval by the t distribution.

    Args:
        less: a score of the same rows, to be taken away row by row.
    """
    values = score.values if less is None else score.values - less.values
    found = t_interval(values)
    return found.mean, found.high - found.mean


def of_own_class(explain: Explainer, episode: Episode, models: list[Model]) -> Attribution:
    """Explain the true class of each query row, task by task, and stack what was found."""
    found = [_of_classes(explain, episode.task(i).query, m) for i, m in enumerate(models)]
    return _merged(found, torch.stack)


def _of_classes(explain: Explainer, query: Examples, model: Model) -> Attribution:
    """Rows stand class by class."""
    found = [explain(model, query.x[query.y == c], target=c) for c in query.y.unique().tolist()]
    return _merged(found, torch.cat)


def _merged(found: list[Attribution], how: Callable[[list[Tensor]], Tensor]) -> Attribution:
    return Attribution(
        values=how([f.values for f in found]),
        inputs=how([f.inputs for f in found]),
        output=how([f.output for f in found]),
        reference=how([f.reference for f in found]),
        unit=found[0].unit,
    )
