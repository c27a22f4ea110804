"""The exercises on repair: where the reasons lie, where a box ends, how many marks it takes.

Each truth was worked out by hand. Chapter: book/attention/repair_and_deploy.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import NotYet, Trial, close


@exercise(difficulty=2, minutes=10)
def marked_share(trial: Trial) -> None:
    """Give the mean over rows of the marked part of the sizes of slope times ink."""
    slopes = torch.tensor([[1.0, -3.0, 2.0], [2.0, 1.0, 4.0]])
    x = torch.tensor([[1.0, 1.0, 0.0], [1.0, 2.0, 1.0]])
    marked = torch.tensor([[False, True, False], [True, False, False]])
    trial.truth(
        0.5,
        slopes,
        x,
        marked,
        usual={
            "It leaves the ink out: a reason is slope times ink.": (3 / 6 + 2 / 7) / 2,
            "It adds up signed reasons, so pushes up and down cancel. Take sizes first.": 0.875,
            "It divides sums over all rows, so a row with large reasons counts for more.": 5 / 12,
            "It adds the shares of the rows up. Take their mean.": 1.0,
            "It takes sizes above the line only. The sum below needs `.abs()` too.": -0.625,
            "It takes sizes below the line only. The marked part needs `.abs()` too.": -0.25,
            "It gives the share of each row. A `.mean()` over the rows is left to take.": [
                0.75,
                0.25,
            ],
            "It gives signed shares, one for each row. Take `.abs()` first and `.mean()` last.": [
                1.5,
                0.25,
            ],
            "It squares, so one strong pixel hides the others. Take sizes.": (9 / 10 + 4 / 24) / 2,
        },
    )
    trial.truth(0.0, slopes, x, torch.zeros_like(marked), usual={})
    trial.promise(
        close(trial(7 * slopes, x, marked), trial(slopes, x, marked)),
        "a learner that is seven times surer, for the same reasons, should be punished as much.",
    )


@exercise(difficulty=2, minutes=10)
def inside(trial: Trial) -> None:
    """Cut a box `[left, top, width, height]` to a picture; of a box outside, give four zeros."""
    side = 28
    trial.truth(
        [2, 3, 4, 5],
        [2, 3, 4, 5],
        side,
        usual={"It returns right and bottom. Give width and height.": [2, 3, 6, 8]},
    )
    trial.truth(
        [0, 22, 6, 6],
        [-4, 22, 10, 20],
        side,
        usual={
            "It moves the box into the picture without making it smaller.": [0, 22, 10, 6],
            "It cuts left and top, but lets the box reach over the other edges.": [0, 22, 6, 20],
            "It gives the box as it came.": [-4, 22, 10, 20],
        },
    )
    trial.truth(
        [0, 0, 0, 0],
        [28, 0, 5, 5],
        side,
        usual={
            "A box that begins at the far edge has no pixel inside: give four zeros.": [
                28,
                0,
                0,
                5,
            ],
            "It pushes a box that lies outside to the edge. Give four zeros.": [27, 0, 1, 5],
        },
    )
    trial.truth([0, 0, 0, 0], [-9, 3, 4, 4], side, usual={})


@exercise(difficulty=3, minutes=15)
def marks_needed(trial: Trial) -> None:
    """Give the fewest marks from which on the accuracy stays within `within` of the sound one."""
    marks = torch.tensor([1, 2, 4, 8, 16])
    steady = torch.tensor([0.25, 0.5, 0.75, 0.875, 0.875])
    sound, within = torch.tensor(0.875), torch.tensor(0.125)
    trial.truth(
        4,
        marks,
        steady,
        sound,
        within,
        usual={
            "It gives the place in the list. Give the number of marks.": 2,
            "It asks for the sound accuracy itself. Within `within` of it is enough.": 8,
        },
    )
    dips = torch.tensor([0.25, 0.875, 0.5, 0.875, 0.875])
    trial.truth(
        8,
        marks,
        dips,
        sound,
        within,
        usual={
            "It takes the first number that reaches it. The accuracy falls again after that.": 2,
            "It gives the last number that misses, not the first of those that stay.": 4,
        },
    )
    never = torch.tensor([0.25, 0.5, 0.5, 0.5, 0.5])
    try:
        trial(marks, never, sound, within)
    except NotYet as answer:
        if "returns nothing" not in str(answer):
            raise
        raise trial.no(
            "where no number of marks is enough, it returns nothing. A last `return -1` is missing."
        ) from None
    trial.truth(
        -1,
        marks,
        never,
        sound,
        within,
        usual={"No number of marks is enough here: give -1.": 16},
    )
    trial.truth(
        1,
        marks,
        torch.ones(5),
        torch.tensor(0.5),
        within,
        usual={"Better than the sound one is not too far from it.": -1},
    )


EXERCISES = (marked_share, inside, marks_needed)
