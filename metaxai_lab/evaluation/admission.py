"""Before a judge is used: random values at chance, and no rival that is asked above exact ones.

Marks are put on one scale, where chance is 0 and the exact values are 1. A judge is refused if it
has no chance level, if the exact values are not clearly above chance, if random values are not at
chance, or if some rival is above the exact values. Rivals that are always asked: the exact values
in random places, those of another row, and one value for all columns. Source: Hedström et al.
(2023) for judging judges. Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Generator

from metaxai_lab.core import Attribution, Score

Judge = Callable[[Attribution], Score]


class JudgeRefused(ValueError):
    """A judge that does not put the exact values first, or random ones at chance."""


@dataclass(frozen=True)
class Admission:
    """What became of a judge.

    Args:
        judge: its name.
        exact: the mean mark of the exact values.
        chance: the mean mark that it says chance would get.
        shares: the mark of each rival, where chance is 0 and the exact values are 1.
        reasons: why it is refused, one sentence each; none where it is admitted.
    """

    judge: str
    exact: float
    chance: float
    shares: Mapping[str, float]
    reasons: tuple[str, ...]

    @property
    def admitted(self) -> bool:
        """Whether nothing speaks against the judge."""
        return not self.reasons


def admit(
    judge: Judge,
    exact: Attribution,
    rivals: Mapping[str, Attribution],
    *,
    tolerance: float = 0.1,
    n_draws: int = 10,
    strict: bool = True,
    generator: Generator,
) -> Admission:
    """Ask a judge about the exact values, about random ones and about rivals.

    Args:
        judge: with all its knobs bound.
        exact: exact values of some rows; a few dozen rows, since means are compared.
        rivals: other explanations of the same rows, none of which should score above the exact one.
        tolerance: how far from 0 random values may lie, and how far above 1 a rival, as a share of
            what lies between chance and the exact values.
        n_draws: random explanations; more, where the verdict wavers.
        strict: whether a refusal raises; else it is reported.

    Raises:
        JudgeRefused: if the judge fails and `strict` is set; the sentence says why.
        ValueError: if there are fewer than two rows.
    """
    if exact.values.shape[-2] < 2:
        raise ValueError("a judge is examined on two rows or more; found one. Take some dozens.")
    score = judge(exact)
    if score.chance is None:
        found = Admission(score.name, score.mean, float("nan"), {}, ("it has no chance level.",))
    else:
        found = _examined(judge, score, exact, rivals, tolerance, n_draws, generator)
    if strict and not found.admitted:
        raise JudgeRefused(f"the judge {found.judge!r} is refused: {' '.join(found.reasons)}")
    return found


def _examined(
    judge: Judge,
    score: Score,
    exact: Attribution,
    rivals: Mapping[str, Attribution],
    tolerance: float,
    n_draws: int,
    generator: Generator,
) -> Admission:
    gains = _gain(score)
    unit = float(gains.mean())
    if not unit > 2 * float(gains.std()) / gains.numel() ** 0.5:
        reason = (
            f"exact values score {score.mean:.3g}, no better than chance, {score.mean_chance:.3g}."
        )
        return Admission(score.name, score.mean, score.mean_chance, {}, (reason,))
    luck = [_gain(judge(in_random_places(exact, generator))).mean() for _ in range(n_draws)]
    shares = {"random": float(torch.stack(luck).mean()) / unit}
    asked = {"another row": replace(exact, values=exact.values.roll(1, -2)), "flat": _flat(exact)}
    for name, rival in {**asked, **rivals}.items():
        direction = 1 if score.higher_is_better else -1
        shares[name] = direction * (judge(rival).mean - score.mean_chance) / unit
    return Admission(score.name, score.mean, score.mean_chance, shares, _reasons(shares, tolerance))


def _reasons(shares: Mapping[str, float], tolerance: float) -> tuple[str, ...]:
    reasons = []
    if not abs(shares["random"]) <= tolerance:
        reasons.append(
            f"random values score {shares['random']:.2f}, where chance is 0 and exact values 1."
        )
    for name, share in shares.items():
        if not share <= 1 + tolerance:
            reasons.append(f"{name!r} scores {share:.2f}, above the exact values, which score 1.")
    return tuple(reasons)


def _gain(score: Score) -> torch.Tensor:
    """Return by how much each row's mark is better than chance."""
    if score.chance is None:
        raise JudgeRefused(f"the judge {score.name!r} has no chance level for some explanations.")
    return (score.values - score.chance) * (1 if score.higher_is_better else -1)


def in_random_places(exact: Attribution, generator: Generator) -> Attribution:
    """Return the same values, those of each row in a random order."""
    order = torch.rand(exact.values.shape, generator=generator).argsort(-1)
    return replace(exact, values=exact.values.gather(-1, order.to(exact.values.device)))


def _flat(exact: Attribution) -> Attribution:
    return replace(exact, values=exact.values.mean(-1, keepdim=True).expand_as(exact.values))
