"""What a reader learns from explained rows: black boxes as lessons, and what each is taught with.

The black boxes are random models of four families, and twelve models of real tables. A lesson shows
some rows with the black box's answers, "more than usual" or not, and asks about others, which come
without explanations. Chapter: book/judging/judges.ipynb.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.lesson_rivals import lesson_rivals
from metaxai_lab.classroom.real_models import real_models
from metaxai_lab.core import Attribution, Examples, Score, at_scale, joined_examples, seeded
from metaxai_lab.evaluation import (
    Admission,
    adding_reader,
    admit,
    guessed_right,
    simulatability,
)
from metaxai_lab.evaluation.admission import in_random_places
from metaxai_lab.evaluation.readers import Read
from metaxai_lab.explainers import Game, exact_shapley, kernel_shap
from metaxai_lab.tasks.random_models import FAMILIES, random_models

N_BACKGROUND, N_OPEN, N_ASKED, N_COLUMNS = 16, 112, 128, 8
Marks = Float[Tensor, " task"]


@dataclass(frozen=True)
class Lesson:
    """A stack of black boxes, one a task: rows that are shown, and rows that are asked about.

    Args:
        shown: exact or estimated shares of the rows that are shown.
        answers: of the black box for them, 1 or 0.
        sure: the same, graded: how far the output is above the usual one, around one half.
        asked: other rows with its answers.
        rivals: other explanations of the rows that are shown, by name.
    """

    name: str
    shown: Attribution
    answers: Float[Tensor, "task row"]
    sure: Float[Tensor, "task row"]
    asked: Examples
    rivals: Mapping[str, Tensor] = field(default_factory=dict)

    def first(self, n_rows: int) -> "Lesson":
        """Return the lesson with the first of the rows that are shown."""
        a = self.shown
        values, inputs = a.values[:, :n_rows], a.inputs[:, :n_rows]
        shown = Attribution(values, inputs, a.output[:, :n_rows], a.reference[:, :n_rows])
        answers, sure = self.answers[:, :n_rows], self.sure[:, :n_rows]
        rivals = {name: values[:, :n_rows] for name, values in self.rivals.items()}
        return replace(self, shown=shown, answers=answers, sure=sure, rivals=rivals)


def lessons(*, n_shown: int, seed: int = 0) -> list[Lesson]:
    """Draw lessons on random models: of each family, as many stacks as the scale says."""
    n_stacks, n_models = at_scale(quick=(2, 16), full=(8, 32))
    generator, found = seeded(seed), []
    for family in FAMILIES:
        for _ in range(n_stacks):
            models = random_models(
                family, n_models=n_models, n_features=N_COLUMNS, generator=generator
            )
            background, rest = models.rows[:, :N_BACKGROUND], models.rows[:, N_BACKGROUND:]
            shown = exact_shapley(Game(models, background), rest[:, :n_shown])
            usual = models(models.rows)[..., 0].median(1, keepdim=True).values
            asked = rest[:, -N_ASKED:]
            said = models(asked)[..., 0]
            rivals = lesson_rivals(models, shown.inputs, models.rows[:, :N_OPEN])
            one = _lesson(family, shown, usual, asked, said)
            found.append(replace(one, rivals=rivals))
    return found


def real_lessons(*, n_shown: int = 16, n_draws: int = 4) -> Iterator[Lesson]:
    """Teach the twelve models of real tables, each with several draws of rows, by KernelSHAP."""
    for case in real_models(n_rows=80, n_background=8):
        game = Game(case.model, case.background, unit=case.unit)
        pool, asked = case.rows[:32], case.rows[32:]
        a = kernel_shap(game, pool, n_queries=256, generator=seeded(0))
        some = [torch.randperm(32, generator=seeded(d))[:n_shown] for d in range(n_draws)]
        pick = torch.stack(some)
        shown = Attribution(a.values[pick], pool[pick], a.output[pick], a.reference[pick])
        usual = pool.new_full((n_draws, 1), 0.5 if case.unit == "probability" else 0.0)
        said = case.model(asked)[:, 0].expand(n_draws, -1)
        yield _lesson(case.name, shown, usual, asked.expand(n_draws, -1, -1), said)


def _lesson(
    name: str,
    shown: Attribution,
    usual: Float[Tensor, "task 1"],
    asked: Float[Tensor, "task row feature"],
    said: Float[Tensor, "task row"],
) -> Lesson:
    above = shown.output - usual
    sure = 0.5 + 0.5 * above / above.square().mean(1, keepdim=True).sqrt().clamp_min(1e-6)
    answers = (above > 0).to(shown.values)
    return Lesson(name, shown, answers, sure, Examples(asked, (said > usual).to(said)))


def taught(lesson: Lesson, *, read: Read = adding_reader, seed: int = 0) -> dict[str, Marks]:
    """Return each task's share of right guesses, by what the reader was shown beside the rows."""
    a, asked = lesson.shown, lesson.asked
    yes_or_no = Examples(a.inputs, lesson.answers)
    graded = Examples(a.inputs, lesson.sure)
    shown: Mapping[str, tuple[Examples, Tensor | None]] = {
        "no explanation": (yes_or_no, None),
        "exact shares": (yes_or_no, a.values),
        "in random places": (yes_or_no, in_random_places(a, seeded(seed)).values),
        "of another row": (yes_or_no, a.values.roll(1, -2)),
        "even shares": (yes_or_no, a.values.mean(-1, keepdim=True).expand_as(a.values)),
        "graded answers": (graded, None),
        "graded, and shares": (graded, a.values),
    }
    return {
        name: guessed_right(read(seen, shares), asked).mean(-1)
        for name, (seen, shares) in shown.items()
    }


def all_taught(
    given: list[Lesson], *, read: Read = adding_reader, only: str | None = None
) -> dict[str, Marks]:
    """Return the same for the tasks of several lessons, end to end.

    Args:
        only: the name of the lessons that are asked; all where it is None.
    """
    each = [
        taught(one, read=read, seed=i) for i, one in enumerate(given) if only in (None, one.name)
    ]
    return {name: torch.cat([marks[name] for marks in each]) for name in each[0]}


def gate_of(given: list[Lesson], *, read: Read = adding_reader) -> Admission:
    """Put simulatability to the gate, on the tasks of all lessons at once."""
    shown = _joined([one.shown for one in given])
    answers = torch.cat([one.answers for one in given])
    asked = joined_examples([one.asked for one in given])

    def judge(attribution: Attribution) -> Score:
        knobs = {"read": read, "n_draws": 2, "generator": seeded(1)}
        return simulatability(attribution, answers, asked, **knobs)

    rivals = {
        "sizes": replace(shown, values=shown.values.abs()),
        "signs": replace(shown, values=shown.values.sign()),
    }
    for name in given[0].rivals:
        values = torch.cat([one.rivals[name] for one in given])
        rivals[name] = replace(shown, values=values)
    return admit(judge, shown, rivals, n_draws=4, strict=False, generator=seeded(2))


def _joined(each: list[Attribution]) -> Attribution:
    parts = [(a.values, a.inputs, a.output, a.reference) for a in each]
    values, inputs, output, reference = (torch.cat(part) for part in zip(*parts, strict=True))
    return Attribution(values, inputs, output, reference)


def leaked(lesson: Lesson, explain: Callable[[Attribution], Tensor]) -> Marks:
    """Return the marks of a reader that sees explanations of the very rows it is asked about.

    It adds up the shares, and says yes where the sum is nearer to those of other rows with yes.

    Args:
        explain: what becomes of the shares before the reader sees them.
    """
    sums, yes = explain(lesson.shown).sum(-1), lesson.answers
    middle = (_mean_of_others(sums, yes) + _mean_of_others(sums, 1 - yes)) / 2
    return ((sums > middle) == (yes > 0)).to(sums).mean(1)


def _mean_of_others(
    sums: Float[Tensor, "task row"], inside: Float[Tensor, "task row"]
) -> Float[Tensor, "task row"]:
    """Return for each row the mean sum of the other rows of one answer."""
    total = (sums * inside).sum(1, keepdim=True) - sums * inside
    return total / (inside.sum(1, keepdim=True) - inside).clamp_min(1)
