"""The exercises on domains: unequal shots, the way from untrained to home, an answer that stands.

Each truth was worked out by hand. Chapter: book/outlook/across_domains.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close


@exercise(difficulty=2, minutes=10)
def shots_of(trial: Trial) -> None:
    """Give the shots of each class: 1 and its share of the rest, at most what the query leaves."""
    trial.truth(
        [6, 6, 11],  # masses 20, 20, 40 share 24 - 3 = 21: 5.25, 5.25, 10.5
        torch.tensor([10, 20, 80]),
        2,
        24,
        torch.tensor([2.0, 1.0, 0.5]).log(),
        usual={
            "It leaves out the one shot that every class has.": [5, 5, 10],
            "It shares all rows, and then adds one. One row a class is given away first.": [
                7,
                7,
                13,
            ],
            "It rounds up. Round down.": [7, 7, 12],
            "It leaves the weights out.": [2, 4, 16],
            "It leaves the sizes out.": [8, 7, 4],
            "It takes the weights as they are. They are logarithms: take exp.": [2, 1, -3],
        },
    )
    trial.truth(
        [6, 88],  # shares of 98: 10.5 and 87.5; the small class has 12 - 6 left
        torch.tensor([12, 100]),
        6,
        100,
        torch.zeros(2),
        usual={
            "It gives more rows than the query leaves of the small class.": [11, 88],
            "It lets a class give its query rows, too.": [11, 88],
        },
    )
    even = trial(torch.tensor([50, 50, 50]), 5, 10, torch.zeros(3))
    trial.promise(close(even, torch.full((3,), 3.0).double()), "equal classes have equal shots.")


@exercise(difficulty=1, minutes=5)
def share_of_the_way(trial: Trial) -> None:
    """Give how far transfer leads from the untrained learner (0) to the one at home (1)."""
    untrained, moved = torch.tensor([0.1, 0.3]), torch.tensor([0.4, 0.4])
    home = torch.tensor([0.3, 0.9])
    trial.truth(
        0.5,  # means 0.2, 0.4 and 0.6
        untrained,
        moved,
        home,
        usual={
            "It divides task by task, and takes the mean of that. Take means first.": (1.5 + 1 / 6)
            / 2,
            "It leaves the untrained learner out: that one is 0 on this way, not nothing.": 2 / 3,
            "It gives the lead over untrained. Divide by what home leads by.": 0.2,
            "It gives the way that is left.": -0.2,
            "It divides by home alone.": 1 / 3,
        },
    )
    trial.truth(
        -0.25,
        torch.tensor([0.4]),
        torch.tensor([0.3]),
        torch.tensor([0.8]),
        usual={
            "Transfer can do harm: then it is below 0. Do not cut it.": 0.0,
            "Transfer can do harm: then it is below 0. Keep the sign.": 0.25,
        },
    )
    trial.truth(
        1.5,
        torch.tensor([0.2]),
        torch.tensor([0.5]),
        torch.tensor([0.4]),
        usual={"Transfer can be better than home: then it is above 1.": 1.0},
    )


@exercise(difficulty=2, minutes=10)
def lead_of_order(trial: Trial) -> None:
    """Give, for each row, how much longer its answer stands than it does in random orders."""
    answers = torch.tensor([[1, 2, 2, 2], [0, 0, 1, 1]])  # after each step of insertion
    lots = torch.tensor([[[0, 1, 2, 2], [0, 0, 0, 1]], [[1, 0, 1, 2], [0, 1, 0, 1]]])
    trial.truth(
        [0.375, 0.125],  # 3/4 less the mean of 2/4 and 1/4; 2/4 less the mean of 1/4 and 2/4
        answers,
        lots,
        usual={
            "It takes the mean over rows. Give one number a row.": 0.25,
            "It forgets the random orders.": [0.75, 0.5],
            "It compares with the first answer. The whole picture's is the last.": [-0.125, -0.125],
            "It counts steps. Give shares of them.": [1.5, 0.5],
            "It takes the first draw alone.": [0.25, 0.25],
            "It adds the draws. Take their mean.": [0.0, -0.25],
            "It gives random less order. Turn it round.": [-0.375, -0.125],
            "An answer may go and come back. Count every step at which it stands.": [0.375, 0.25],
        },
    )
    lost = trial(torch.tensor([[3, 1, 3]]), torch.tensor([[[1, 1, 3]]]))
    trial.promise(close(lost, torch.tensor([1 / 3]).double()), "one step in three is 1/3.")


EXERCISES = (shots_of, share_of_the_way, lead_of_order)
