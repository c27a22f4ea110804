"""What the page on disagreeing judges measures: methods, their true order, and the judges' orders.

Every method explains every model of a kind; a judge's mark for a method on one model is the mean
over its rows. Orders are compared model by model by Kendall's tau, so that the model is the unit of
all intervals. Chapter: book/judging/when_judges_disagree.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.disagreement_judges import examined, judges_of
from metaxai_lab.classroom.disagreement_methods import explainers_of
from metaxai_lab.classroom.disagreement_tasks import Kind, kind_of
from metaxai_lab.core import Attribution, Explainer, Model, Score, at_scale, seeded
from metaxai_lab.evaluation import Admission, exact_agreement, stability
from metaxai_lab.evaluation.admission import Judge
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.evaluation.kendall import kendall, kendall_matrix, tied
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.influence import Target

Marks = Float[Tensor, "task method"]
RIVALS = ("KernelSHAP", "permutation", "LIME", "IG", "gradient x input", "occlusion", "gradient")


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_tasks: int  # models of each kind
    n_rows: int  # explained, of each model


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(20, 16), full=Plan(100, 32))


@dataclass(frozen=True)
class Sitting:
    """What judges said of the methods on the models of one kind.

    Args:
        kind: the models.
        methods: what was judged.
        marks: of each judge, higher is better, one for each model and method.
        sizes: the true order: minus the mean error.
        order: another true order: the mean rank correlation with the exact values, signs included.
    """

    kind: Kind
    methods: Mapping[str, Attribution]
    marks: Mapping[str, Marks]
    sizes: Marks
    order: Marks


def sitting(name: str, plan: Plan, *, seed: int = 0) -> Sitting:
    """Let all judges mark all methods on the models of one kind."""
    kind = kind_of(name, n_tasks=plan.n_tasks, n_rows=plan.n_rows, seed=seed)
    ways = explainers_of(kind, seed=seed)
    methods = {n: way(kind.model, kind.rows, target=0) for n, way in ways.items()}
    exact = kind.exact.values
    errors = [-exact_agreement(a.values, exact, k=1).error.values for a in methods.values()]
    orders = [rank_correlation(a.values, exact) for a in methods.values()]
    marks = {judge: marks_by(methods, ask) for judge, ask in judges_of(kind).items()}
    steady = [_steady(kind, _known(way, methods[n])) for n, way in ways.items()]
    marks["stability"] = _stacked([of_models(score) for score in steady])
    sizes, order = (_stacked([rows.mean(-1) for rows in found]) for found in (errors, orders))
    return Sitting(kind, methods, marks, sizes, order)


def gate_of(name: str, *, n_models: int, n_rows: int, seed: int) -> dict[str, Admission]:
    """Put each judge to the gate on models of a kind that it will not be asked about."""
    kind = kind_of(name, n_tasks=n_models, n_rows=n_rows, seed=100 + seed)
    ways = explainers_of(kind, seed=seed)
    rivals = {n: way(kind.model, kind.rows, target=0) for n, way in ways.items() if n in RIVALS}
    found = {judge: examined(kind, judge, rivals) for judge in judges_of(kind)}
    steady = _steady(kind, ways["exact"])
    reason = ("it has no chance level.",)
    return found | {"stability": Admission("stability", steady.mean, float("nan"), {}, reason)}


def _steady(kind: Kind, way: Explainer) -> Score:
    knobs = {"target": 0, "radius": 0.1, "n_draws": 1, "generator": seeded(0)}
    return stability(way, kind.model, kind.rows, **knobs)


def _known(way: Explainer, found: Attribution) -> Explainer:
    """Return an explainer that does not explain again the rows that it has explained."""

    def explain(
        model: Model, x: Float[Tensor, "task row feature"], *, target: Target
    ) -> Attribution:
        return found if torch.equal(x, found.inputs) else way(model, x, target=target)

    return explain


def with_truth(found: Sitting, judge: str) -> Float[Tensor, " task"]:
    """Return Kendall's tau of a judge's order with the true one, model by model."""
    return kendall(found.marks[judge], found.sizes)


def of_the_mean(found: Sitting) -> Marks:
    """Return another true order: errors against the game in which absent means the mean row."""
    kind = found.kind
    nothing = torch.zeros_like(kind.background[:, :1])
    exact = exact_shapley(Game(kind.model, nothing), kind.rows).values
    errors = [exact_agreement(a.values, exact, k=1).error.values for a in found.methods.values()]
    return _stacked([-rows.mean(-1) for rows in errors])


def beside_each_other(found: Mapping[str, Sitting]) -> Float[Tensor, "task judge judge"]:
    """Return Kendall's tau of all judges beside all, for the models of all kinds."""
    marks = [torch.stack(list(each.marks.values()), 1) for each in found.values()]
    return kendall_matrix(torch.cat(marks))


def marks_by(methods: Mapping[str, Attribution], judge: Judge) -> Marks:
    """Return one judge's marks for all methods, higher is better."""
    return _stacked([of_models(judge(a)) for a in methods.values()])


def mean_error(found: Attribution, exact: Attribution) -> float:
    """Return the length of what is missed, as a share of that of the exact values."""
    return exact_agreement(found.values, exact.values, k=1).error.mean


def of_models(score: Score) -> Float[Tensor, " task"]:
    """Return a score's mean over the rows of each model, higher is better."""
    return score.values.mean(-1) * (1 if score.higher_is_better else -1)


def _stacked(columns: list[Float[Tensor, " task"]]) -> Marks:
    """Return marks side by side, in which what differs by rounding ties."""
    return tied(torch.stack(columns, -1))
