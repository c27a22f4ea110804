"""The exercises on three families: compare with means, share attention, leave out, rank.

Each truth was worked out by hand. Chapter: book/concepts/three_families.ipynb.
"""

from math import log

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=1, minutes=5)
def nearest_prototype(trial: Trial) -> None:
    """Give the class, 0 or 1, whose mean row is nearer to `query`: rows `(n,)`, classes `(n,)`."""
    x, y = torch.tensor([-4.0, 0.0, 1.0, 2.0, 12.0]), torch.tensor([0, 0, 1, 1, 1])
    trial.truth(
        0,
        x,
        y,
        1.0,
        usual={
            "The nearest row is of class 1, but the prototype of a class is its mean, and 12 has "
            "pulled that away; or it gives the class that is further.": 1,
            "It gives the prototype. Give the class it stands for, 0 or 1.": -2,
            "It gives the distances. Give the class of the smaller one.": [3, 4],
            "It gives squared distances. Give the class of the smaller one.": [9, 16],
            "It gives the place of a row. Give its class.": 2,
        },
    )
    right = torch.tensor([1, 0, 1, 0, 0])
    trial.truth(1, torch.tensor([5.0, -1.0, 3.0, -3.0, -2.0]), right, 1.5, usual={})
    drawn = torch.randn(7, generator=seeded(0))
    of = torch.tensor([0, 1, 1, 0, 1, 0, 0])
    trial.promise(
        close(trial(drawn + 3, of, 3.2), trial(drawn, of, 0.2)),
        "moving all rows and the query by 3 should leave the class as it is.",
    )
    trial.promise(
        close(trial(drawn, 1 - of, 0.2), 1 - trial(drawn, of, 0.2)),
        "exchanging the names of the classes should exchange the answer.",
    )


@exercise(difficulty=2, minutes=10)
def shared_weights(trial: Trial) -> None:
    """Give the weight of classes 0, 1, 2: softmax of `scores` `(n,)` over rows, summed by class."""
    scores = torch.tensor([1.0, 3.0, 4.0, 1.0, 1.0]).log()
    y = torch.tensor([0, 1, 2, 0, 1])
    trial.truth(
        [0.2, 0.4, 0.4],
        scores,
        y,
        usual={
            "It takes a softmax within each class, so that each has 1. All rows share one total.": [
                1,
                1,
                1,
            ],
            "It takes the mean weight of a class. A class with many rows that fit should have "
            "more: add them up.": [0.1, 0.2, 0.4],
            "It takes the largest weight of a class. Add up all of them.": [0.1, 0.3, 0.4],
            "It adds up the scores of a class before the softmax. First the softmax over rows, "
            "then the sums.": [1 / 8, 3 / 8, 4 / 8],
            "It shares by the scores themselves. A softmax takes their exponentials first.": [
                0,
                log(3) / log(12),
                log(4) / log(12),
            ],
            "It gives a weight for each row. Add them up by class.": [0.1, 0.3, 0.4, 0.1, 0.1],
            "It leaves out the total: the weights of all rows should sum to 1.": [2, 4, 4],
        },
    )
    drawn = torch.randn(6, generator=seeded(0))
    of = torch.tensor([2, 0, 1, 1, 0, 2])
    trial.promise(
        close(trial(drawn, of).sum(), torch.tensor(1.0, dtype=torch.double)),
        "the weights of the classes should sum to 1.",
    )
    trial.promise(
        close(trial(drawn + 5, of), trial(drawn, of)),
        "adding 5 to all scores should leave the weights as they are.",
    )


@exercise(difficulty=3, minutes=15)
def influences(trial: Trial) -> None:
    """Give what each row adds to the log-odds of class 1 by prototypes: `(n,)`, `(n,)`, a number.

    The log-odds are the squared distance to the mean of class 0 less that to the mean of class 1.
    """
    x, y = torch.tensor([0.0, 2.0, 4.0, 8.0]), torch.tensor([0, 0, 1, 1])
    trial.truth(
        [1, -3, 20, -12],
        x,
        y,
        2.0,
        usual={
            "The sign is turned: it is with all rows, less without the row.": [-1, 3, -20, 12],
            "It gives the log-odds without the row. Take them from those with all rows.": [
                -16,
                -12,
                -35,
                -3,
            ],
            "It puts a 0 where the row was. A row that is left out is no row at 0: the mean of "
            "the others is over one row less.": [0, -3, -12, -16],
            "It takes sizes. A row may speak against class 1, and the sign should say so.": [
                1,
                3,
                20,
                12,
            ],
            "It gives the log-odds with all rows. Ask once for each row, without it.": -15,
        },
    )
    drawn = torch.randn(6, generator=seeded(0))
    of = torch.tensor([0, 1, 1, 0, 1, 0])
    trial.promise(
        close(trial(drawn, 1 - of, 0.3), -trial(drawn, of, 0.3)),
        "what speaks for class 1 speaks against class 0: exchanging the classes turns all signs.",
    )
    trial.promise(
        close(trial(drawn.flip(0), of.flip(0), 0.3), trial(drawn, of, 0.3).flip(0)),
        "another order of the rows should give the same influences in that order.",
    )


@exercise(difficulty=3, minutes=15)
def same_order(trial: Trial) -> None:
    """Give Spearman's correlation of two lists `(n,)` without ties: that of their ranks."""
    one, other = torch.tensor([10.0, 0.0, 1.0, 3.0, 2.0]), torch.tensor([1.0, 3.0, 5.0, 4.0, 2.0])
    trial.truth(
        -0.5,
        one,
        other,
        usual={
            "It is the correlation of the values, which one large value can make or break. Take "
            "ranks first.": -17 / 628**0.5,
            "One argsort says which number comes first. A second one, of that, gives ranks.": 0.1,
            "The sign is turned: one list is ranked upwards and the other downwards.": 0.5,
            "It is the covariance of the ranks. Divide by their standard deviations.": -1.25,
            "It divides the products by n, and the standard deviations by n - 1. Take n for both, "
            "`std(correction=0)`.": -0.4,
            "It counts places with equal ranks. A correlation asks how far ranks are apart.": 0.2,
        },
    )
    drawn = torch.randn(2, 8, generator=seeded(0))
    trial.promise(
        close(trial(drawn[0], drawn[0].exp()), torch.tensor(1.0, dtype=torch.double)),
        "two lists of the same order should have 1, whatever their values.",
    )
    trial.promise(
        close(trial(drawn[0], -drawn[1]), -trial(drawn[0], drawn[1])),
        "turning the signs of one list should turn the sign of the correlation.",
    )


EXERCISES = (nearest_prototype, shared_weights, influences, same_order)
