"""The exercises on Shapley values and LIME: a table of values, two kernels, and a sum to keep.

Each truth was worked out by hand. Chapter: book/local/shapley_and_lime.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded

WORTH = [6.0, 12.0, 24.0, 42.0, 6.0, 30.0, 24.0, 90.0]  # of no column, 0, 1, 0 and 1, 2, ...
OF_FOUR = [0.0] * 7 + [24.0] + [6.0] * 7 + [30.0]  # columns 0 to 2 together 24, column 3 always 6


@exercise(difficulty=3, minutes=20)
def table_shapley(trial: Trial) -> None:
    """Give the Shapley values of a game from the value of each coalition, in binary order."""
    trial.truth(
        [31, 34, 19],
        torch.tensor(WORTH),
        usual={
            "All coalitions count alike. A Shapley value is a mean over orders, in which small and "
            "large coalitions are met more often than each of those between.": [28.5, 31.5, 16.5],
            "That is what each column adds to nothing at all. Later arrivals count, too.": [
                6,
                18,
                0,
            ],
            "That is what is lost without each column. Earlier arrivals count, too.": [66, 60, 48],
            "That is a single order, column 0 first. Take the mean over all orders.": [6, 30, 48],
            "Column 0 is the lowest bit: coalition number 1 holds column 0 alone.": [19, 34, 31],
            "That is the sum over all orders. Divide by their number.": [186, 204, 114],
            "The value of no column at all is no column's merit. Do not share it out.": [
                33,
                36,
                21,
            ],
        },
    )
    drawn = torch.randn(16, generator=seeded(0))
    trial.promise(
        close(trial(drawn).sum(), (drawn[-1] - drawn[0]).double()),
        "with four columns, the values should add up to that of all columns less that of none.",
    )
    idle = torch.cat([drawn[:8], drawn[:8]])  # whether column 3 is known changes nothing
    trial.promise(
        trial(idle)[3].abs() < 1e-5,
        "a column that changes no value should get 0; here column 3 of four gets something.",
    )
    trial.truth(
        [8, 8, 8, 6],
        torch.tensor(OF_FOUR),
        usual={
            "Those are the orders that start elsewhere and go round, there and back: all six of "
            "three columns, but 8 of the 24 of four.": [9, 6, 9, 6],
        },
    )


@exercise(difficulty=2, minutes=10)
def shapley_kernel(trial: Trial) -> None:
    """Give the weight of one coalition of `size` of `n` columns in the squares of KernelSHAP."""
    trial.truth(
        1 / 4,
        4,
        1,
        usual={
            "That is the weight of all coalitions of that size together. Share it among them.": 1,
            "The factor n - 1 is missing.": 1 / 12,
            "The number of columns that are absent is missing below the line.": 3 / 4,
            "Above the line stands n - 1, not n.": 1 / 3,
        },
    )
    trial.truth(
        1 / 8,
        4,
        2,
        usual={
            "The number of columns that are known is missing below the line.": 1 / 4,
            "It counts coalitions of that size as n**size. They are n over size, 6 here.": 3 / 64,
            "It counts pairs in order. There are 6 coalitions of two out of four.": 1 / 16,
        },
    )
    trial.promise(
        close(trial(10, 3), trial(10, 7)),
        "three of ten columns should weigh as much as the other seven.",
    )
    trial.truth(
        1 / 15,
        5,
        2,
        usual={
            "Above the line stands n - 1: 3 is right for four columns alone.": 1 / 20,
            "It is right for four columns alone. How many coalitions have two of five?": 1 / 10,
        },
    )


@exercise(difficulty=2, minutes=10)
def closeness(trial: Trial) -> None:
    """Give LIME's weight of each neighbour, as its library does: exp(-distance**2 / 2 width**2)."""
    row, near = torch.zeros(2), torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, -10.0]])
    fall = torch.tensor([0.0, 25.0, 100.0])
    trial.truth(
        (-fall / 200).exp(),
        row,
        near,
        10.0,
        usual={
            "The distance is not squared.": (-fall.sqrt() / 20).exp(),
            "The distance is squared, the width is not.": (-fall / 20).exp(),
            "The 2 below the line is missing.": (-fall / 100).exp(),
            "The 2 below the line is not squared.": (-fall / 400).exp(),
            "It grows with the distance. The sign is turned.": (fall / 200).exp(),
            "That adds up the sizes of the steps. A distance is the root of the sum of squares.": (
                -torch.tensor([0.0, 49.0, 100.0]) / 200
            ).exp(),
            "It weighs each column of a neighbour. Add up the squares over the columns first.": (
                -near.square() / 200
            ).exp(),
            "The weights need not sum to 1.": (-fall / 200).softmax(0),
        },
    )
    drawn = torch.randn(4, 3, generator=seeded(0))
    trial.promise(
        close(trial(drawn[0], drawn[1:], 2.0), trial(drawn[0] + 5, drawn[1:] + 5, 2.0)),
        "only distances count: a row and its neighbours, moved together, keep their weights.",
    )
    spot, beside = torch.tensor([1.0, 0.0, -1.0]), torch.tensor([[1.0, 0.0, -1.0], [2.0, 2.0, 1.0]])
    steps = torch.tensor([0.0, 9.0])
    trial.truth(
        (-steps / 8).exp(),
        spot,
        beside,
        2.0,
        usual={
            "It is right for two columns alone, since their number is in it. Add up the squares; "
            "below the line stands 2, whatever the number.": (-steps / 12).exp(),
            "It is right for one width alone: the width is missing.": (-steps / 200).exp(),
            "It is right for one width alone: square the width.": (-steps / 40).exp(),
        },
    )


@exercise(difficulty=1, minutes=5)
def made_efficient(trial: Trial) -> None:
    """Add the same amount to all values, so that they sum to `output` less `reference`."""
    trial.truth(
        [2, 3, 4],
        torch.tensor([1.0, 2.0, 3.0]),
        10.0,
        1.0,
        usual={
            "That stretches the values. Add the same amount to each.": [1.5, 3, 4.5],
            "It forgets the reference: the sum starts there, not at 0.": [7 / 3, 10 / 3, 13 / 3],
            "It gives the whole of what is missing to each column. Share it.": [4, 5, 6],
            "The sign is turned: what is missing has to be added.": [0, 1, 2],
            "All of what is missing goes to one column. Share it evenly.": [1, 2, 6],
            "That is what is missing alone. Add it to the values.": [1, 1, 1],
            "It adds the reference where it has to be taken away.": [8 / 3, 11 / 3, 14 / 3],
        },
    )
    trial.truth([3, 1], torch.tensor([1.0, -1.0]), 0.0, -4.0, usual={})
    drawn = torch.randn(5, generator=seeded(0))
    trial.promise(
        close(trial(drawn, float(drawn.sum()) + 2.0, 2.0), drawn.double()),
        "values that add up already should stay as they are.",
    )


EXERCISES = (table_shapley, shapley_kernel, closeness, made_efficient)
