"""The exercises on real time: a slow end, a queue, and an explanation that has changed hands.

Each truth was worked out by hand. Chapter: book/outlook/in_real_time.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial


@exercise(difficulty=1, minutes=5)
def slow_end(trial: Trial) -> None:
    """Give the smallest of the values that at least so many percent of them do not pass."""
    trial.truth(
        4.0,
        torch.tensor([5.0, 1.0, 4.0, 2.0, 3.0]),
        80,
        usual={
            "It draws a line between two values. Give one that was measured.": 4.2,
            "It is one place too far: places count from 0.": 5.0,
            "It does not sort.": 2.0,
            "It gives the mean. A mean hides the slow end.": 3.0,
        },
    )
    trial.truth(
        30.0,
        torch.tensor([40.0, 20.0, 10.0, 30.0]),
        60,
        usual={
            "It rounds down: two of four are 50 percent only.": 20.0,
            "It draws a line between two values. Give one that was measured.": 28.0,
            "It is one place too far: places count from 0.": 40.0,
        },
    )
    trial.truth(
        99.0,
        torch.arange(100, 0, -1).float(),
        99,
        usual={
            "It gives the slowest of all. One of a hundred may pass.": 100.0,
            "It sorts the slowest first.": 2.0,
        },
    )


@exercise(difficulty=2, minutes=10)
def answered_after(trial: Trial) -> None:
    """Give how long each item waits for its answer at a desk that serves one after the other."""
    trial.truth(
        [3.0, 5.0, 7.0, 3.0],
        torch.tensor([0.0, 1.0, 2.0, 10.0]),
        torch.full((4,), 3.0),
        usual={
            "It begins with an item before the item has come.": [3.0, 5.0, 7.0, 2.0],
            "It gives the wait until the desk begins. The work is a part of it.": [0, 2, 4, 0],
            "It lets items be served at the same time.": [3.0, 3.0, 3.0, 3.0],
            "It gives when the answer comes. Take off when the item came.": [3, 6, 9, 13],
        },
    )
    trial.truth(
        [2.0, 6.0, 2.0],
        torch.tensor([0.0, 0.0, 5.0]),
        torch.tensor([2.0, 4.0, 1.0]),
        usual={
            "It takes one cost for all items.": [2.0, 4.0, 2.0],
            "It waits for an idle desk before each item.": [2.0, 4.0, 1.0],
            "It takes the cost of the item before.": [0.0, 2.0, 1.0],
        },
    )


@exercise(difficulty=2, minutes=10)
def changed_hands(trial: Trial) -> None:
    """Give the part of an explanation that columns have handed over, from first items to last."""
    trial.truth(
        0.35,
        torch.tensor([[2.0, -1.0], [-4.0, -1.0]]),
        torch.tensor([[1.0, -3.0], [3.0, -3.0]]),
        usual={
            "It counts what is handed over twice, where it is lost and where it is won.": 0.7,
            "It takes means before sizes, so that ups and downs cancel.": 0.1,
            "It compares sizes. Compare shares, which sum to 1.": 1.5,
            "It takes shares item by item, so that small items count as much as large ones.": (
                0.35833333
            ),
        },
    )
    trial.truth(
        0.5,
        torch.tensor([[1.0, -1.0, 0.0, 0.0]]),
        torch.tensor([[1.0, 1.0, 1.0, -1.0]]),
        usual={
            "It takes the column that changed most. Add up what all have lost.": 0.25,
            "It counts what is handed over twice, where it is lost and where it is won.": 1.0,
        },
    )
    trial.truth(
        0.0,
        torch.tensor([[1.0, -2.0]]),
        torch.tensor([[-10.0, 20.0]]),
        usual={"It compares signed shares. A turned sign hands nothing over.": 1.0},
    )


EXERCISES = (slow_end, answered_after, changed_hands)
