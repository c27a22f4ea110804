"""The exercises on machines: a rule of failure, who names it, and values out of range.

Each truth was worked out by hand. Chapter: book/applications/manufacturing.ipynb.
"""

from math import pi

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close

NAN = float("nan")
VALUES = torch.tensor(
    [
        [0.9, -3.0, 2.0, 0.1],
        [2.0, 0.2, 0.3, 1.0],
        [1.0, 4.0, 3.0, 2.0],
        [5.0, 4.0, 0.1, 3.0],
        [3.0, 2.0, 1.0, 0.1],
        [0.1, 0.2, 7.0, 1.0],
        [6.0, 5.0, 0.2, 4.0],
    ]
)
TRUTH = torch.tensor(
    [
        [0, 1, 1, 0],
        [0, 0, 0, 1],
        [0, 1, 0, 0],
        [1, 0, 0, 1],
        [1, 1, 0, 0],
        [0, 0, 1, 0],
        [1, 1, 1, 0],
    ]
).bool()


@exercise(difficulty=1, minutes=8)
def power_rule(trial: Trial) -> None:
    """Say which runs fail for their power: torque times turning speed outside 3500 to 9000 W."""
    turns = 60 / (2 * pi)  # turns a minute of one radian a second
    rpm = torch.tensor([100 * turns, 100 * turns, 100 * turns, 200 * turns])
    torque = torch.tensor([34.9, 50.0, 90.1, 50.0])
    trial.truth(
        [True, False, True, True],
        rpm,
        torque,
        usual={
            "It forgets that too little power fails, too.": [False, False, True, True],
            "It forgets that too much power fails, too.": [True, False, False, False],
            "Look at the unit: a turn is 2 pi, and a minute has 60 s.": [True] * 4,
            "It marks the runs that are sound.": [False, True, False, False],
        },
    )
    for edge in (35.1, 89.9):  # 3510 W and 8990 W are sound
        trial.truth(
            [False],
            rpm[:1],
            torch.tensor([edge]),
            usual={"Between 3500 and 9000 W a run is sound. Look at your limits.": [True]},
        )


@exercise(difficulty=2, minutes=12)
def named_share(trial: Trial) -> None:
    """Give the share of runs whose largest values, by size, are all columns of the rule."""
    trial.truth(
        4 / 7,
        VALUES,
        TRUTH,
        usual={
            "It ranks by sign. A large negative value is large, too.": 3 / 7,
            "It takes as many columns in each run. A rule has its own number.": 2 / 7,
            "It asks whether the rule is among more columns than it has.": 5 / 7,
            "It counts columns found, not whole rules.": 9 / 12,
            "It gives the mean share of each rule that was found.": (4.5 + 2 / 3) / 7,
            "It counts a run if its one largest column is in the rule.": 6 / 7,
            "It returns how many. Divide by the runs.": 4.0,
        },
    )
    first = torch.tensor([[1.0, 5.0, 4.0], [1.0, 5.0, 4.0]])
    trial.truth(
        0.5,
        first,
        torch.tensor([[0, 1, 0], [1, 1, 0]]).bool(),
        usual={
            "It counts a rule as named if one of its columns leads.": 1.0,
        },
    )
    trial.promise(
        close(trial(-VALUES, TRUTH), trial(VALUES, TRUTH)),
        "values with all signs turned are as large as before.",
    )


@exercise(difficulty=2, minutes=10)
def out_of_range(trial: Trial) -> None:
    """Mark the values below the least or above the greatest of training, and what is no number."""
    rows = torch.tensor([[26.9, 40.0], [300.0, 90.0], [NAN, 10.0], [296.0, 3.0]])
    low, high = torch.tensor([296.0, 3.8]), torch.tensor([305.0, 76.0])
    trial.truth(
        [[True, False], [False, True], [True, False], [False, True]],
        rows,
        low,
        high,
        usual={
            "A value that is no number (NaN) is not inside: every comparison with it is false.": [
                [True, False],
                [False, True],
                [False, False],
                [False, True],
            ],
            "It looks at the greatest only. Celsius for Kelvin is too low.": [
                [False, False],
                [False, True],
                [False, False],
                [False, False],
            ],
            "The least value of training was seen there: it is inside.": [
                [True, False],
                [False, True],
                [True, False],
                [True, True],
            ],
            "It marks the values that are inside.": [
                [False, True],
                [True, False],
                [False, True],
                [True, False],
            ],
            "It gives one answer for each run. Say it for each value.": [True] * 4,
        },
    )
    trial.truth(
        [[False, False]],
        high[None],
        low,
        high,
        usual={"The greatest value of training was seen there: it is inside.": [[True, True]]},
    )


EXERCISES = (power_rule, named_share, out_of_range)
