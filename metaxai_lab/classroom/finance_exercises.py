"""The exercises of the finance chapter: two gaps between groups, and steps that are really enough.

Each truth was worked out by hand. Chapter: book/applications/finance.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial

APPROVED = torch.tensor([1, 1, 1, 0, 1, 0, 0, 0, 0, 0]).bool()
GROUP = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]).bool()


@exercise(difficulty=1, minutes=5)
def gap_in_yes(trial: Trial) -> None:
    """Give the share of yes outside the group, less that in the group."""
    trial.truth(
        3 / 4 - 1 / 6,
        APPROVED,
        GROUP,
        usual={
            "It takes the group's share first. Outside comes first.": 1 / 6 - 3 / 4,
            "It counts people. Take the share of each side.": 2.0,
            "It divides by everybody. Divide each side by its own number.": 0.2,
            "It compares the group with everybody. Compare it with the others.": 0.4 - 1 / 6,
        },
    )
    trial.truth(
        -7 / 12,
        ~APPROVED,
        GROUP,
        usual={"The group has more here: the gap keeps its sign.": 7 / 12},
    )
    trial.truth(
        1 / 3 - 1 / 2,
        torch.tensor([1, 0, 1, 0, 0]).bool(),
        torch.tensor([1, 0, 0, 1, 0]).bool(),
        usual={
            "It takes the first rows for those outside. The mask says who is in the group.": (
                1 / 2 - 0
            ),
            "It divides by fixed numbers. Count the people of each side.": 1 / 4 - 1 / 6,
        },
    )


@exercise(difficulty=2, minutes=10)
def gap_among_payers(trial: Trial) -> None:
    """Give the same gap among those alone who would pay back."""
    approved = torch.tensor([0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1]).bool()
    repaid = torch.tensor([0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0]).bool()
    group = torch.tensor([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]).bool()
    trial.truth(
        2 / 3 - 1 / 2,
        approved,
        repaid,
        group,
        usual={
            "It looks at everybody. Look only at those who would pay back.": 2 / 5 - 4 / 6,
            "It takes who pays back among the yes. Take the yes among who pays back.": (
                2 / 2 - 1 / 4
            ),
            "It counts a payer with a yes, but divides by the whole side.": 2 / 5 - 1 / 6,
            "It takes the group's share first. Outside comes first.": 1 / 2 - 2 / 3,
            "It looks at those who would not pay back.": 0 / 2 - 3 / 4,
        },
    )
    trial.truth(
        1 / 2 - 2 / 3,
        ~approved,
        repaid,
        group,
        usual={"The group has more here: the gap keeps its sign.": 2 / 3 - 1 / 2},
    )


@exercise(difficulty=2, minutes=10)
def steps_to_yes(trial: Trial) -> None:
    """Give for each applicant the fewest whole steps of one column that reach the bound."""
    points = torch.tensor([45.0, 48.0, 49.9, 41.0])
    trial.truth(
        [5.0, 2.0, 1.0, 9.0],
        points,
        torch.tensor(2.0),
        torch.tensor(0.5),
        torch.tensor(50.0),
        usual={
            "It forgets the step: one step is not one unit.": [3.0, 1.0, 1.0, 5.0],
            "It rounds to the nearest: some stop short.": [5.0, 2.0, 0.0, 9.0],
            "It gives steps that are not whole.": [5.0, 2.0, 0.1, 9.0],
            "It takes one step more than is needed where the bound is met exactly.": (
                [6.0, 3.0, 1.0, 10.0]
            ),
        },
    )
    trial.truth(
        [4.0],
        torch.tensor([40.0]),
        torch.tensor(-3.0),
        torch.tensor(1.0),
        torch.tensor(50.0),
        usual={
            "A weight below 0 needs steps downwards: count them by its size.": [-3.0],
            "It never looks at weights below 0.": [0.0],
        },
    )
    trial.truth(
        [0.0, 3.0],
        torch.tensor([56.0, 47.0]),
        torch.tensor(1.0),
        torch.tensor(1.0),
        torch.tensor(50.0),
        usual={"Who is there already needs 0 steps, not fewer.": [-6.0, 3.0]},
    )
    trial.truth(
        [1.0, 2.0],
        torch.tensor([48.9, 48.4]),
        torch.tensor(3.0),
        torch.tensor(0.5),
        torch.tensor(50.0),
        usual={"It rounds the gap up before it divides. Round the steps alone.": [2.0, 2.0]},
    )


EXERCISES = (gap_in_yes, gap_among_payers, steps_to_yes)
