"""The exercises on judges: sparseness, a deletion, and what a reader gains.

Each truth was worked out by hand. Chapter: book/judging/judges.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=15)
def gini(trial: Trial) -> None:
    """Give the Gini index of the sizes of `values` (n,): 0 where all are equal."""
    trial.truth(
        0.25,
        torch.tensor([3.0, -1.0]),
        usual={
            "It takes the values with their signs. Take sizes.": 1.0,
            "The sizes are sorted downwards. Begin with the smallest.": -0.25,
            "It divides by the sum alone. Divide by the number of values, too.": 0.5,
        },
    )
    trial.truth(
        0.5,
        torch.tensor([5.0, 0.0, -1.0, 2.0]),
        usual={
            "The places count from 0. Begin with 1.": 0.0,
            "The sizes are not sorted. Begin with the smallest.": -0.25,
            "It divides by n - 1. Divide by n.": 2 / 3,
            "It is not divided by the sum of the sizes.": 4.0,
            "It divides by 2. Divide by the number of values.": 1.0,
        },
    )
    drawn = torch.randn(6, generator=seeded(0))
    trial.promise(
        close(trial(drawn), trial(-7.0 * drawn)),
        "values in another unit should have the same mark.",
    )
    trial.promise(
        trial(torch.full((5,), -2.0)).abs() < 1e-6, "sizes that are all equal should have 0."
    )


@exercise(difficulty=3, minutes=15)
def deleted(trial: Trial) -> None:
    """Give what `row @ weights` says at first, and as columns become those of `fill`, one by one.

    The column of highest value goes first.
    """
    trial.truth(
        [4, 7, 11, 9, 8],
        torch.tensor([2.0, 1.0, 3.0, -1.0]),
        torch.tensor([1.0, 2.0, 1.0, 3.0]),
        torch.tensor([-0.25, -2.0, 1.0, 0.5]),
        torch.tensor([0.0, 1.0, 2.0, -1.0]),
        usual={
            "Columns become 0. They should become those of the fill.": [4, 1, 4, 2, 0],
            "By size, a column that speaks against goes early. Keep the signs.": [4, 3, 6, 10, 8],
            "The lowest value goes first. Begin with the highest.": [4, 3, 1, 5, 8],
            "Each column comes back before the next goes. They should stay away.": [4, 7, 8, 2, 3],
            "The untouched row is missing: begin with it.": [7, 11, 9, 8],
            "That is insertion: it begins at the fill. Begin at the row.": [8, 5, 1, 3, 4],
            "Columns go in the order of the table. Go by the values.": [4, 2, 1, 4, 8],
            "After the first, columns go in the order of the table.": [4, 7, 5, 4, 8],
            "After the first, columns go by their size, smallest first.": [4, 7, 5, 9, 8],
        },
    )
    weights, row, fill = torch.randn(3, 6, generator=seeded(0)).unbind(0)
    values = torch.randn(6, generator=seeded(1))
    found = trial(weights, row, values, fill)
    trial.promise(len(found) == 7, "six columns should give seven numbers.")
    trial.promise(
        close(found[[0, -1]], torch.stack([row @ weights, fill @ weights]).double()),
        "it should begin with what is said of the row, and end with what is said of the fill.",
    )
    first = row.clone()
    first[values.argmax()] = fill[values.argmax()]
    trial.promise(
        close(found[1], (first @ weights).double()),
        "after one step, only the column of highest value should have changed.",
    )


@exercise(difficulty=1, minutes=10)
def reader_gain(trial: Trial) -> None:
    """Give for each task how much larger the share of right guesses is with explanations."""
    told = torch.tensor([[1, 0, 1, 1], [1, 0, 0, 0]])
    untold = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 1]])
    answers = torch.tensor([[1, 0, 1, 0], [1, 1, 0, 0]])
    trial.truth(
        [0.25, 0],
        told,
        untold,
        answers,
        usual={
            "The tasks are thrown together. Keep one number for each, so that tasks can be "
            "counted.": 0.125,
            "The sign is turned: right with explanations comes first.": [-0.25, 0],
            "It counts right guesses. Take their share of the rows.": [1, 0],
            "It counts rows that explanations put right, and forgets those they put wrong.": [
                0.5,
                0.25,
            ],
            "It is the share of right guesses with explanations. Take off that without.": [
                0.75,
                0.75,
            ],
            "It says how often the two guess differently. Compare each with the answers.": [
                0.75,
                0.5,
            ],
            "It is a mean over the tasks for each row. Take the mean over rows.": [0, 0, 0.5, 0],
        },
    )
    trial.truth(
        [-0.5],
        torch.tensor([[0, 0]]),
        torch.tensor([[1, 0]]),
        torch.tensor([[1, 0]]),
        usual={"It has no sign. Explanations may do harm.": [0.5]},
    )


EXERCISES = (gini, deleted, reader_gain)
