"""The open tasks of four assignments: each puts together what its part's exercises have found.

The parts are Local, Global, Judging and Applications. Each truth was worked out by hand.
Chapter: book/appendix/teaching.md.
"""

from math import nan

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=3, minutes=15)
def error_of_guess(trial: Trial) -> None:
    """Give the mean squared error of a guess, made to add up, against the exact Shapley values."""
    guess, values = torch.tensor([-1.0, 4.0]), torch.tensor([1.0, 2.0, 4.0, 9.0])
    trial.truth(
        2.25,  # the guess becomes 1.5 and 6.5; exact are 3 and 5
        guess,
        values,
        usual={
            "The guess does not add up yet. Make it efficient first.": 8.5,
            "It forgets what the empty coalition is worth. Take that as the reference.": 2.5,
            "It adds the squared errors up. Take their mean.": 4.5,
            "It takes sizes of errors, or a root. Square the errors, and leave it there.": 1.5,
            "It takes one order of arrival for the exact values. Average over all orders.": 0.25,
        },
    )
    trial.truth(0.0, torch.tensor([0.0, 2.0]), values, usual={})
    drawn = torch.randn(11, generator=seeded(0))
    trial.promise(
        close(trial(drawn[8:] + 3, drawn[:8]), trial(drawn[8:], drawn[:8])),
        "the same added to every guess should change nothing: it is taken back.",
    )


@exercise(difficulty=3, minutes=20)
def worth_keeping(trial: Trial) -> None:
    """Mark the lengths 0, 1, ..., r of a rule list that no shorter or more faithful one beats."""
    fires = torch.tensor(
        [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1]], dtype=torch.bool
    )
    answers, model = torch.tensor([0, 0, 0, 1]), torch.tensor([1, 0, 0, 1, 0, 0])

    def these(*lengths: int) -> list[bool]:
        return [length in lengths for length in range(4)]

    trial.truth(
        these(0, 3),  # of six rows 2, 1, 2 and 3 are right
        fires,
        answers,
        model,
        usual={
            "Its `else` is the next rule's answer. A shorter list keeps the last answer.": these(0),
            "It keeps the last rules. A shorter list keeps the first ones.": these(0, 2),
            "It takes the share of wrong rows for a fidelity.": these(0, 1),
            "It marks the most faithful list alone. A shorter one may stand beside it.": these(3),
            "It asks whether the last rule helped. A list has to beat all shorter ones.": these(
                0, 2, 3
            ),
            "The list without any rule, `else` alone, is missing.": [True, True, True],
        },
    )
    trial.truth([True], fires[:, :0], answers[3:], model, usual={})
    trial.promise(
        (trial(fires, 1 - answers, 1 - model) == trial(fires, answers, model)).all(),
        "exchanging the names of the classes should change nothing.",
    )


@exercise(difficulty=3, minutes=20)
def sparse_and_right(trial: Trial) -> None:
    """Give Kendall's tau between how sparse explanations are and how early they make a model fall.

    An explanation that is right has a low mean of the outputs during its deletion.
    """
    weights, row, fill = torch.tensor([3.0, 2.0, 1.0]), torch.ones(3), torch.zeros(3)
    several = torch.tensor([[6.0, 1.0, -2.0], [1.0, 2.0, 1.5], [0.0, 1.0, 5.0]])
    four = torch.tensor([[0.0, 5.0, -2.0], [2.0, 4.0, 6.0], [5.0, 0.0, -1.0], [-2.0, 4.0, 0.0]])
    trial.truth(
        1.0,  # the means are 11/4, 14/4, 10/4, 13/4; the sparser, the lower
        weights,
        row,
        four,
        fill,
        usual={
            "The sign is turned: an early fall is a low mean. Or it deletes the lowest first.": -1,
            "It deletes by size. The column of the highest value goes first.": 0.5,
            "It takes the fall in the first step alone. Take the mean of all outputs.": 5 / 6,
            "It measures how sparse signed values are. Take their sizes.": 0,
        },
    )
    trial.truth(
        -1 / 3,
        weights,
        row,
        several,
        fill,
        usual={"The sign is turned: an early fall is a low mean.": 1 / 3},
    )
    trial.promise(
        close(trial(weights, row, 7 * four, fill), trial(weights, row, four, fill)),
        "explanations in another unit are as sparse and as right.",
    )


@exercise(difficulty=3, minutes=20)
def refusal_gain(trial: Trial) -> None:
    """Give what net benefit gains if no advice is given where any column is out of range."""
    rows = torch.tensor([[1.0, 1.0], [nan, 1.0], [1.0, 9.0], [9.0, 1.0], [0.0, 2.0]])
    low, high = torch.zeros(2), torch.full((2,), 2.0)
    advised, ill = torch.tensor([1.0, 1, 1, 0, 1]), torch.tensor([1.0, 0, 0, 1, 1])
    trial.truth(
        0.1,  # the benefit rises from 0.3 to 0.4
        rows,
        low,
        high,
        advised,
        ill,
        0.2,
        usual={
            "A value that is no number is out of range, too.": 0.05,
            "It refuses only where all columns are out of range. One is enough.": 0.0,
            "The sign is turned: it is the benefit after refusing less that before.": -0.1,
            "It is the benefit after refusing. Take from it that before.": 0.4,
            "It divides by the patients that are left. All of them count.": 0.7,
            "It advises those it refuses. Refused is not advised.": 0.2,
        },
    )
    inside = torch.ones(5, 2)
    trial.truth(0.0, inside, low, high, advised, ill, 0.2, usual={})
    trial.promise(
        close(trial(rows, low, high, advised, torch.ones(5), 0.2), torch.tensor(-0.4).double()),
        "where all are ill, each refusal costs: here 2 of 5 right follow-ups, so -0.4.",
    )


EXERCISES = (error_of_guess, worth_keeping, sparse_and_right, refusal_gain)
