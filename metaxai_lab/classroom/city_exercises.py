"""The exercises on a city: days in order, a sensor that is stuck, how long an alarm takes.

Each truth was worked out by hand. Chapter: book/applications/city.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close

DAYS = torch.tensor([7, 4, 9, 2, 5, 8])


@exercise(difficulty=2, minutes=10)
def first_days(trial: Trial) -> None:
    """Mark the rows of the k earliest days, in whatever order the rows come."""
    trial.truth(
        [False, True, False, True, True, False],
        DAYS,
        3,
        usual={
            "It takes the first rows as they came. Look at their days.": [True] * 3 + [False] * 3,
            "It marks the latest days, which come after. Mark the earliest.": [
                True,
                False,
                True,
                False,
                False,
                True,
            ],
            "It leaves out the k-th day itself.": [False, True, False, True, False, False],
            "It marks one day too many.": [True, True, False, True, True, False],
            "It gives the numbers of the rows. Give a mark for each row.": [3, 1, 4],
            "It takes days up to k. Count days, for some may be missing.": [
                False,
                False,
                False,
                True,
                False,
                False,
            ],
        },
    )
    trial.truth(
        [True, False, True],
        torch.tensor([20, 40, 30]),
        2,
        usual={
            "It takes days up to k. Count days, for some may be missing.": [False] * 3,
            "It leaves out the k-th day itself.": [True, False, False],
        },
    )
    trial.promise(
        close(trial(DAYS + 100, 2), trial(DAYS, 2)),
        "counting the days from another date should change nothing.",
    )


@exercise(difficulty=3, minutes=15)
def longest_stay(trial: Trial) -> None:
    """Give for how many days running a sensor said the same, at most."""
    said = torch.tensor([2.0, 5.0, 5.0, 5.0, 5.0, 2.0, 2.0, 4.0, 4.0, 2.0, 2.0])
    trial.truth(
        4,
        said,
        usual={
            "It counts days without a change. The first day of a stay counts, too.": 3,
            "It counts how often a value comes. The days have to follow each other.": 5,
            "It gives the last stay. Give the longest.": 2,
            "It gives the first stay. Give the longest.": 1,
            "It counts all days without a change. Start anew at each change.": 6,
        },
    )
    trial.truth(
        1,
        torch.tensor([4.0, 1.0, 4.0]),
        usual={
            "It counts how often a value comes. The days have to follow each other.": 2,
            "It counts days without a change. The first day of a stay counts, too.": 0,
        },
    )
    trial.truth(
        4,
        torch.tensor([6.0, 7.0, 7.0, 7.0, 7.0]),
        usual={"It misses a stay that lasts to the end.": 1},
    )
    trial.truth(
        3,
        torch.tensor([3.0, 3.0, 3.0, 1.0, 1.0]),
        usual={"It misses a stay that begins on the first day.": 2},
    )
    trial.truth(
        3,
        torch.tensor([0.2, 0.4, 0.4, 0.0, 0.0, 0.0]),
        usual={
            "It rounds what was said. Compare the numbers as they are.": 6,
            "It passes over noughts. A sensor can be stuck at nought.": 2,
        },
    )
    trial.promise(close(trial(3 * said + 1), trial(said)), "another unit should change nothing.")


@exercise(difficulty=2, minutes=10)
def days_waited(trial: Trial) -> None:
    """Give the days from the opening of a road to the first alarm after it; infinite if none."""
    rings = torch.tensor([False, True, *[False] * 5, True, True, True, True, False])
    trial.truth(
        3,
        rings,
        4,
        usual={
            "It counts an alarm before the road: that one is false.": -3,
            "It gives the day of the alarm. Count from the opening.": 7,
            "It gives the last alarm. Give the first after the opening.": 6,
            "It counts the days between. An alarm on the day after is 1 day late.": 2,
            "It counts the alarms after the opening. Count the days before the first.": 4,
        },
    )
    trial.truth(
        float("inf"),
        torch.tensor([True, False, False, False]),
        1,
        usual={
            "It counts an alarm before the road: that one is false.": -1,
            "No alarm rings after the opening, so the wait has no end.": 0,
        },
    )
    trial.truth(
        1,
        torch.tensor([False, False, True, True]),
        2,
        usual={"An alarm of the opening day saw no day with the road. Look after it.": 0},
    )
    apart = torch.tensor([False, False, *[False] * 6, True, False, True, True])
    trial.truth(
        7,
        apart,
        1,
        usual={"It gives the last run of alarms. Give the first alarm after the opening.": 9},
    )
    moved = torch.cat([torch.zeros(4, dtype=torch.bool), apart])
    trial.promise(
        close(trial(moved, 5), trial(apart, 1)),
        "counting the days from an earlier date should change nothing.",
    )


EXERCISES = (first_days, longest_stay, days_waited)
