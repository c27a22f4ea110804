"""The exercises on real tables: units, names, a start and its price, and orders that hold.

Each truth was worked out by hand. Chapter: book/importance/on_real_tables.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close

ROWS = torch.tensor([[1.0, 5.0], [3.0, 5.0], [8.0, 9.0]])
STAYED = torch.tensor([True, True, False])


@exercise(difficulty=2, minutes=10)
def by_training_rows(trial: Trial) -> None:
    """Give all rows in units of the training rows; a column constant there is only centred."""
    trial.promise(
        trial(ROWS, STAYED).isfinite().all(),
        "It divides a constant column by 0. Divide by 1 there.",
    )
    trial.truth(
        [[-1.0, 0.0], [1.0, 0.0], [6.0, 4.0]],
        ROWS,
        STAYED,
        usual={
            "It looks at the rows that were left out, too.": (
                (ROWS - ROWS.mean(0)) / ROWS.std(0, correction=0)
            ),
            "It divides the squares by one row less. Take `correction=0`.": [
                [-(0.5**0.5), 0.0],
                [0.5**0.5, 0.0],
                [6 * 0.5**0.5, 4.0],
            ],
            "It returns the training rows alone. Give all rows.": [[-1.0, 0.0], [1.0, 0.0]],
        },
    )
    wide = torch.tensor([[0.0], [8.0], [4.0]])
    trial.truth(
        [[-1.0], [1.0], [0.0]],
        wide,
        STAYED,
        usual={"It centres and does not scale.": [[-4.0], [4.0], [0.0]]},
    )
    trial.promise(
        close(trial(10 * wide, STAYED), trial(wide, STAYED)),
        "a column in other units should give the same answer.",
    )


@exercise(difficulty=2, minutes=10)
def between(trial: Trial) -> None:
    """Give the level that costs least: squared errors of the rows, plus the way from the start."""
    y, start = torch.tensor([4.0, 8.0]), torch.tensor(0.0)
    trial.truth(
        3.0,
        y,
        start,
        torch.tensor(0.5),
        usual={
            "It is the mean of the rows. The way from the start costs, too.": 6.0,
            "It forgets that each row counts: the sum is over all of them.": 2.0,
            "It takes the freedom for the price. The price is one over it.": 4.8,
            "It stays at the start.": 0.0,
        },
    )
    trial.truth(
        6.0,
        torch.tensor([1.0, 3.0, 5.0]),
        torch.tensor(9.0),
        torch.tensor(1 / 3),
        usual={
            "It shrinks towards nought. Shrink towards the start.": 1.5,
            "It forgets that each row counts: the sum is over all of them.": 7.5,
        },
    )
    trial.promise(
        close(trial(y, start, torch.tensor(1e9)), torch.tensor(6.0, dtype=torch.double)),
        "with very large freedom the answer should be the mean of the rows.",
    )


@exercise(difficulty=2, minutes=10)
def by_name(trial: Trial) -> None:
    """Give the columns of a table in the order of the codes that a learner was trained with."""
    x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    have, trained = [20, 10, 30], [10, 30, 20]
    trial.truth(
        [[2.0, 3.0, 1.0], [5.0, 6.0, 4.0]],
        x,
        have,
        trained,
        usual={
            "It gives the columns as they came.": x,
            "It looks each code of the table up among those trained. Do the reverse.": [
                [3.0, 1.0, 2.0],
                [6.0, 4.0, 5.0],
            ],
            "It sorts the codes. The order of training counts.": [
                [2.0, 1.0, 3.0],
                [5.0, 4.0, 6.0],
            ],
        },
    )
    trial.truth(
        [[3.0], [6.0]],
        x,
        have,
        [30],
        usual={"It keeps columns that the learner never saw.": x[:, [2, 0, 1]]},
    )


@exercise(difficulty=3, minutes=15)
def held_orders(trial: Trial) -> None:
    """Give the mean rank correlation between two draws, over all pairs of different draws."""
    one = torch.tensor([[1.0, 2.0, 9.0], [2.0, 1.0, 9.0], [1.0, 3.0, 4.0]])
    pearson = torch.corrcoef(one)
    pairs = [float(pearson[i, j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    trial.truth(
        (0.5 + 1.0 + 0.5) / 3,
        one,
        usual={
            "It correlates values. Take their ranks first.": sum(pairs) / 3,
            "It counts each draw beside itself, which always agrees.": (3 + 2 * 2.0) / 9,
            "It adds the pairs up. Take their mean.": 2.0,
            "It compares each draw with the first one only.": 0.75,
        },
    )
    turned = torch.tensor([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]])
    trial.truth(-1.0, turned, usual={"Orders that are reversed disagree: keep the sign.": 1.0})
    mixed = torch.tensor([[5.0, 20.0, 7.0, 1.0], [3.0, 4.0, 1.0, 2.0]])
    trial.truth(
        0.4,
        mixed,
        usual={"`argsort` gives places, not ranks. Sort those places once more.": -0.4},
    )
    trial.promise(
        close(trial(one.exp()), trial(one)),
        "another unit of importance keeps the order, and so the answer.",
    )


EXERCISES = (by_training_rows, between, by_name, held_orders)
