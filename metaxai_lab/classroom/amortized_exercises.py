"""The exercises on amortised explainers: the loss of one row, when it pays, how sure it may be.

Chapter: book/local/amortized.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=3, minutes=15)
def coalition_error(trial: Trial) -> None:
    """Make shares add up to `total`, and give the mean squared error on coalitions."""
    shares, total = torch.tensor([3.0, 1.0]), torch.tensor(7.0)
    masks = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    values = torch.tensor([3.0, 2.0])
    trial.truth(
        1.25,  # the shares become 4.5 and 2.5
        shares,
        total,
        masks,
        values,
        usual={
            "The shares have to add up to `total` first: each column takes an equal part of what "
            "lacks.": 0.5,
            "What lacks goes to each column whole. Divide it by their number.": 6.5,
            "It gives the sum of squares. Take the mean over the coalitions.": 2.5,
            "It gives the mean of the absolute errors. Square them.": 1.0,
            "It takes the root. The mean of the squares is asked for.": 1.25**0.5,
            "It multiplies the shares to add up. Add the same to each.": 2.5625,
        },
    )
    trial.truth(
        4.0,  # 1, 2, 3 become 2, 3, 4; the coalition of the first two is worth 5, not 7
        torch.tensor([1.0, 2.0, 3.0]),
        torch.tensor(9.0),
        torch.tensor([[1.0, 1.0, 0.0]]),
        torch.tensor([7.0]),
        usual={"It takes the columns that are absent.": 9.0},
    )
    trial.truth(
        2.0,  # the shares become 2, 3, 4, 5; the first coalition is off by 2, the other by nothing
        torch.tensor([1.0, 2.0, 3.0, 4.0]),
        torch.tensor(14.0),
        torch.tensor([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]]),
        torch.tensor([4.0, 5.0]),
        usual={
            "It weighs coalitions by their size. They were drawn so that all count alike.": 16 / 7,
            "It divides what lacks by the number of coalitions. Divide by that of columns.": 2.5,
        },
    )
    drawn = torch.randn(5, generator=seeded(0))
    sets = (torch.rand(6, 5, generator=seeded(1)) < 0.5).float()
    worth = torch.randn(6, generator=seeded(2))
    asked = (torch.tensor(2.0), sets, worth)
    trial.promise(
        close(trial(drawn, *asked), trial(drawn + 1, *asked)),
        "the same added to every share should change nothing: it is taken back when they are made "
        "to add up.",
    )


@exercise(difficulty=2, minutes=10)
def break_even(trial: Trial) -> None:
    """Give the number of rows from which training has paid; infinity if it never does."""
    trial.truth(
        2000.0,
        torch.tensor(6.0),
        torch.tensor(0.001),
        torch.tensor(0.004),
        usual={
            "It leaves out what each row costs the trained explainer itself.": 1500.0,
            "It divides by what a row costs the trained one. Divide by what it saves.": 6000.0,
            "It adds both costs. What a row saves is their difference.": 1200.0,
            "It gives the time a row saves. How many rows save the training?": 0.003,
        },
    )
    trial.truth(
        float("inf"),
        torch.tensor(6.0),
        torch.tensor(0.004),
        torch.tensor(0.001),
        usual={
            "A rival that is faster for each row is never caught up with: infinity.": -2000.0,
            "A rival that is faster is not caught up with, from whatever side.": 2000.0,
        },
    )
    trial.truth(float("inf"), torch.tensor(6.0), torch.tensor(0.002), torch.tensor(0.002), usual={})
    trial.truth(
        2.5,
        torch.tensor(0.01),
        torch.tensor(0.001),
        torch.tensor(0.005),
        usual={"It rounds. The two costs meet between two rows here.": 2.0},
    )
    trial.truth(0.0, torch.tensor(0.0), torch.tensor(0.001), torch.tensor(0.002), usual={})


@exercise(difficulty=3, minutes=15)
def spread_factor(trial: Trial) -> None:
    """Give the factor by which spreads have to grow to hold `share` of the exact values."""
    values = torch.zeros(5)
    spread = torch.tensor([2.0, 1.0, 4.0, 1.0, 0.25])
    exact = torch.tensor([1.0, -1.0, 8.0, -3.0, 1.0])  # in spreads: 0.5, 1, 2, 3, 4
    trial.truth(
        3.0,
        values,
        spread,
        exact,
        torch.tensor(0.75),
        usual={
            "The errors have signs here. Take their sizes.": 2.0,
            "It takes the mean. Take the quantile `share`.": 2.1,
            "It gives the largest: that holds all of them.": 4.0,
            "It takes the quantile 1 - share: most would lie outside.": 1.0,
            "It divides the quantile of the errors by the mean spread. Divide row by row first.": 3
            / 1.65,
            "It divides by 1.64 besides. Here the factor itself is asked for.": 3 / 1.64,
            "It squares the errors. A spread is in the unit of the values.": 9.0,
        },
    )
    trial.truth(
        2.0,
        values,
        spread,
        exact,
        torch.tensor(0.5),
        usual={"These are errors in their own unit. Divide each by its spread.": 1.0},
    )
    trial.truth(
        3.6,
        torch.tensor([1.0, -2.0, 0.5, 1.0, -0.5]),
        spread,
        torch.tensor([2.0, -3.0, 8.5, -2.0, 0.5]),  # the same errors, around other values
        torch.tensor(0.9),
        usual={
            "It looks at the exact values alone. An error is their distance from `values`.": 2.65,
            "It adds what has to be subtracted.": 3.9,
            "It compares sizes: a value on the wrong side of 0 then seems right.": 1.6,
        },
    )
    drawn = torch.randn(40, generator=seeded(0))
    wide = torch.rand(40, generator=seeded(1)) + 0.5
    half = torch.tensor(0.5)
    trial.promise(
        close(trial(drawn, wide, drawn * 0, half), 2 * trial(drawn, 2 * wide, drawn * 0, half)),
        "spreads twice as wide should need half the factor.",
    )


EXERCISES = (coalition_error, break_even, spread_factor)
