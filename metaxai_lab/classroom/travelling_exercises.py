"""The exercises on an explainer that travels: combine answers, ask the next one, stretch a spread.

Each truth was worked out by hand. Chapter: book/local/travelling_explainer.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def combined_answers(trial: Trial) -> None:
    """Give the Shapley values that a prior makes of answers: the covariances, then the answers."""
    asked = torch.tensor([[2.0, 1.0], [1.0, 1.0]])
    towards = torch.tensor([[1.5, 1.0], [0.5, 0.0]])
    answers = torch.tensor([10.0, 7.0])
    trial.truth(
        [8.5, 1.5],
        asked,
        towards,
        answers,
        usual={
            "It takes each answer for itself. Answers go together: divide by all of `asked`.": [
                14.5,
                2.5,
            ],
            "It leaves `asked` out.": [22.0, 5.0],
            "It multiplies by `asked`. Divide: solve a system with it.": [57.5, 13.5],
            "It gives what the answers become once `asked` is divided out. Then `towards` turns "
            "them into Shapley values.": [3.0, 4.0],
            "It turns `towards` round: its rows are columns of the table.": [6.5, 3.0],
        },
    )
    root = torch.randn(4, 6, generator=seeded(0), dtype=torch.float64)
    wide = root @ root.T
    known = torch.randn(4, generator=seeded(1), dtype=torch.float64)
    trial.promise(
        close(trial(wide, wide[:3], known), known[:3]),
        "where the values asked for are among the answers, they should come out unchanged.",
    )


@exercise(difficulty=2, minutes=10)
def next_question(trial: Trial) -> None:
    """Give the place of the question that lowers the summed variance of the values most."""
    towards = torch.tensor([[2.0, 3.0, 1.0, -4.0], [2.0, 0.0, -2.0, 2.0]])
    variances = torch.tensor([2.0, 4.0, 0.5, 8.0])
    trial.truth(
        2,
        towards,
        variances,
        usual={
            "It leaves the variances out: an answer that varies a lot is worth less.": 3,
            "It adds the covariances without squaring them, so that signs cancel.": 0,
            "It looks for the question that helps least.": 1,
        },
    )
    trial.truth(
        1,
        torch.tensor([[3.0, 2.0, 0.0], [0.0, 2.0, 0.0], [0.0, 2.0, -1.0]]),
        torch.tensor([1.0, 1.0, 0.5]),
        usual={
            "It looks at the value that gains most. All values count: sum over them.": 0,
            "It looks for the question that helps least.": 2,
        },
    )
    trial.truth(
        1,
        torch.tensor([[4.0, 2.0], [0.0, 0.0]]),
        torch.tensor([8.0, 1.0]),
        usual={
            "It divides by the standard deviation. Squared covariances go with the variance.": 0
        },
    )
    trial.truth(
        0,
        torch.tensor([[3.0, 2.0], [0.0, 2.0]]),
        torch.tensor([1.0, 1.0]),
        usual={"It adds covariances without their signs. Square each of them first.": 1},
    )
    trial.truth(
        0,
        torch.tensor([[4.0, 1.0]]),
        torch.tensor([4.0, 0.5]),
        usual={
            "It lets the variance count too much. It goes once with squares, not with lengths.": 1
        },
    )


@exercise(difficulty=3, minutes=15)
def spread_stretch(trial: Trial) -> None:
    """Give the factor by which `found ± factor * spread` holds a given share of `exact`."""
    found = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
    exact = torch.tensor([1.6, 3.2, 2.5, 7.0, 3.8])
    spread = torch.tensor([0.2, 0.8, 1.0, 1.2, 0.3])
    trial.truth(
        3.0,
        found,
        spread,
        exact,
        0.75,
        usual={
            "It leaves the spread out: each error is measured in its own spread.": 1.2,
            "It lets signs stand: an error counts on both sides.": 0.5,
            "It lets signs stand, and an error counts on both sides.": 2.5,
            "It multiplies by the spread. Divide by it.": 0.96,
            "It takes the mean of the errors. Ask which of them a share stays below.": 2.3,
            "It takes the share that lies outside.": 1.5,
            "It gives one over the factor.": 1 / 3,
        },
    )
    drawn = torch.randn(400, generator=seeded(0), dtype=torch.float64)
    unit = torch.rand(400, generator=seeded(1), dtype=torch.float64) + 0.5
    factor = trial(torch.zeros_like(drawn), unit, drawn, 0.9)
    inside = (drawn.abs() <= factor * unit).double().mean()
    trial.promise(
        (inside - 0.9).abs() < 0.01,
        "400 values at a share of 0.9: about 360 should lie inside, no fewer and no more.",
    )


EXERCISES = (combined_answers, next_question, spread_stretch)
