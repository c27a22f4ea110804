"""The exercises of the chapter on causes and logic: paths, fits that travel, broken orders.

Chapter: book/outlook/causes_and_logic.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial


@exercise(difficulty=1, minutes=5)
def total_effect(trial: Trial) -> None:
    """Give the total effect of one column on another from the weights of all arrows."""
    chain = torch.tensor([[0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [1.0, 4.0, 0.0]])
    trial.truth(
        13,
        chain,
        0,
        2,
        usual={
            "It gives the direct effect alone. Add what goes over other columns.": 1,
            "It gives what goes over other columns. Add the direct effect.": 12,
            "It takes cause and outcome the other way round.": 0,
            "It adds the weights along a path. Multiply them.": 8,
            "It adds where it should take away: (1 - weights), then the inverse.": 11,
        },
    )
    trial.truth(
        0,
        chain,
        2,
        0,
        usual={"It goes along arrows in both directions.": 13},
    )
    long = torch.zeros(4, 4)
    long[1, 0], long[2, 1], long[3, 2] = 2.0, 3.0, 4.0
    trial.truth(
        24,
        long,
        0,
        3,
        usual={"It stops after two arrows. A path may be as long as there are columns.": 0},
    )


@exercise(difficulty=2, minutes=10)
def travel_gap(trial: Trial) -> None:
    """Give how much worse fits are in other environments than an own fit is there."""
    trial.truth(
        3.0,
        torch.tensor([[1.0, 4.0, 6.0], [5.0, 2.0, 4.0], [2.0, 9.0, 3.0]]),
        usual={
            "It counts fits at home as travels.": 2.0,
            "It takes away from own. Take own from away.": -3.0,
            "It gives the error away, without the own one.": 5.0,
            "It adds up. Take means.": 24.0,
            "It reads one direction. A fit goes from each to each.": 14 / 3 - 2,
            "It takes the worst travel. Take the mean.": 7.0,
            "It divides by all pairs. Count those of two environments.": 30 / 9 - 2,
        },
    )
    trial.truth(
        0.0,
        torch.full((4, 4), 2.0),
        usual={"A fit that is as good everywhere has no gap.": 2.0},
    )
    trial.truth(
        -1.0,
        torch.tensor([[3.0, 2.0], [2.0, 3.0]]),
        usual={"It cuts off below 0. A fit may do better elsewhere, by chance.": 0.0},
    )


@exercise(difficulty=2, minutes=10)
def broken_pairs(trial: Trial) -> None:
    """Count the pairs of rows in which more of a column turns a yes into a no."""
    trial.truth(
        4,
        torch.tensor([1.0, 2.0, 3.0, 4.0]),
        torch.tensor([True, True, False, False]),
        usual={
            "It counts pairs in which more turns a no into a yes. That may be.": 0,
            "It looks at neighbours. Any two rows are a pair.": 1,
            "It counts rows, not pairs.": 2,
            "It counts each pair twice.": 8,
        },
    )
    trial.truth(
        4,
        torch.tensor([3.0, 1.0, 2.0, 0.0]),
        torch.tensor([False, True, False, True]),
        usual={"It takes rows as they lie. Compare their values.": 1},
    )
    trial.truth(
        0,
        torch.tensor([1.0, 1.0]),
        torch.tensor([True, False]),
        usual={"It counts two rows of the same value. There must be more.": 1},
    )
    trial.truth(
        0,
        torch.tensor([1.0, 2.0, 4.0]),
        torch.tensor([False, True, True]),
        usual={"It counts every pair with two answers.": 2},
    )


EXERCISES = (total_effect, travel_gap, broken_pairs)
