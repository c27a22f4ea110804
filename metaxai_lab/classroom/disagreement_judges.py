"""The bench of judges for stacks of tasks: each takes an attribution and gives a mark for each row.

They are those of `judge_bench`, with the same names and draws, but ask the models of a stack at
once. Blank is the mean of the background, which lies at 0; any other fill is brought there by
moving the rows and the model. None of the judges knows the exact values.
Chapter: book/judging/when_judges_disagree.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.disagreement_tasks import Kind, moved
from metaxai_lab.core import Attribution, Model, Score, seeded
from metaxai_lab.evaluation import (
    Admission,
    admit,
    comprehensiveness,
    deletion,
    entropy,
    gap_on_important,
    gap_on_unimportant,
    infidelity,
    insertion,
    sufficiency,
)
from metaxai_lab.evaluation.admission import Judge, in_random_places

N_ROWS = {"rows": 4, "more rows": 8}  # of the background, spread over it
FILLS = ("rows", "mean", "minimum", "maximum")
Ask = Callable[[Model, Attribution], Score]


def judges_of(kind: Kind, *, n_draws: int = 5) -> dict[str, Judge]:
    """Return the judges of one kind of models, by name.

    Args:
        n_draws: random orders, for chance and for ties.
    """
    areas = {"n_steps": kind.rows.shape[-1], "unit": "output", "n_draws": n_draws}
    shares = {"unit": "output", "n_draws": n_draws}
    gaps = {"background": torch.zeros_like(kind.rows[0, :1]), "n_draws": n_draws}
    sums = {"n_draws": 20}

    def asked(score: Callable[..., Score], knobs: dict, fill: str) -> Judge:
        return _under(kind, partial(_ask, score, knobs), fill)

    return {f"deletion, {fill}": asked(deletion, areas, fill) for fill in FILLS} | {
        "insertion, rows": asked(insertion, areas, "rows"),
        "comprehensiveness": asked(comprehensiveness, shares, "rows"),
        "sufficiency": asked(sufficiency, shares, "rows"),
        "PGI": asked(gap_on_important, gaps, "more rows"),
        "PGU": asked(gap_on_unimportant, gaps, "more rows"),
        "infidelity": asked(infidelity, sums, "rows"),
        "infidelity, unscaled": asked(infidelity, {"scaled": False} | sums, "rows"),
        "entropy": entropy,
    }


def blanks_of(kind: Kind, fill: str) -> Float[Tensor, "task fill feature"]:
    """Return the rows, for each task, that stand for what is taken away.

    Raises:
        ValueError: if there is no such fill.
    """
    background = kind.background
    if fill in N_ROWS:
        return background[:, :: background.shape[1] // N_ROWS[fill]][:, : N_ROWS[fill]]
    if fill not in FILLS:
        raise ValueError(f"the fills are {', '.join(FILLS)}, more rows; found {fill!r}.")
    ends = {"mean": background.mean, "minimum": background.amin, "maximum": background.amax}
    return ends[fill](1, keepdim=True)


def examined(kind: Kind, name: str, rivals: Mapping[str, Attribution]) -> Admission:
    """Examine a judge on all models of a kind: exact values first, random ones at chance."""
    judge = judges_of(kind)[name]
    if name.startswith("infidelity"):
        judge = _beside_random_places(judge)
    return admit(judge, kind.exact, rivals, n_draws=5, strict=False, generator=seeded(1))


def _ask(score: Callable[..., Score], knobs: dict, model: Model, a: Attribution) -> Score:
    return score(model, a, target=0, generator=seeded(0), **knobs)


def _under(kind: Kind, ask: Ask, fill: str) -> Judge:
    """Return a judge whose mark is the mean over the rows of a fill."""
    blanks = blanks_of(kind, fill)
    n, by = blanks.shape[1], blanks.repeat_interleave(kind.rows.shape[1], 1)
    model = moved(kind.model, by)

    def judge(a: Attribution) -> Score:
        output, reference = a.output.repeat(1, n), a.reference.repeat(1, n)
        x = a.inputs.repeat(1, n, 1) - by
        there = Attribution(a.values.repeat(1, n, 1), x, output, reference)
        score = ask(model, there)
        return replace(score, values=_of_rows(score.values, n), chance=_of_rows(score.chance, n))

    return judge


def _of_rows(marks: Tensor | None, n: int) -> Tensor | None:
    """Return the mean of the `n` marks of each row."""
    return None if marks is None else marks.unflatten(1, (n, -1)).mean(1)


def _beside_random_places(judge: Judge) -> Judge:
    """Return a judge whose chance is the mark of the same values in random places."""

    def ask(attribution: Attribution) -> Score:
        found, elsewhere = judge(attribution), in_random_places(attribution, seeded(3))
        return replace(found, chance=judge(elsewhere).values)

    return ask
