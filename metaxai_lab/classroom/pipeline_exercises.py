"""The exercises on the five steps: where importance lies, which column is a fault, how to mend it.

Each truth was worked out by hand. Chapter: book/concepts/five_steps.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def column_shares(trial: Trial) -> None:
    """Give the mean over rows of each column's share of the sizes in its row."""
    values = torch.tensor([[6.0, -2.0, 0.0], [-1.0, 1.0, 2.0]])
    trial.truth(
        [0.5, 0.25, 0.25],
        values,
        usual={
            "It divides signed values by their sum, so pushes up and down cancel. Take sizes "
            "first.": [0.5, 0, 0.5],
            "It averages signed values over the rows, so pushes up and down cancel. Take sizes "
            "first.": [0.625, 0.125, 0.25],
            "It takes the shares of the sums, so a row with large contributions counts for more. "
            "Take the shares in each row, then their mean.": [7 / 12, 3 / 12, 2 / 12],
            "It gives one number for each row. Average over the rows, not over the columns.": [
                1 / 3,
                1 / 3,
            ],
            "It divides by the sizes of a column. The shares of a row add up to 1.": [0.5] * 3,
            "It takes the mean size of each column. Divide by the sizes of the row.": [3.5, 1.5, 1],
            "It adds the shares of the rows up. Take their mean.": [1, 0.5, 0.5],
        },
    )
    drawn = torch.randn(5, 3, generator=seeded(0))
    trial.promise(
        close(trial(drawn).sum(), torch.tensor(1.0, dtype=torch.double)),
        "the shares of all columns should add up to 1.",
    )
    scale = torch.tensor([[1.0], [10.0], [-2.0], [0.5], [3.0]])
    trial.promise(
        close(trial(drawn * scale), trial(drawn)),
        "a row whose contributions are all ten times larger should count as before.",
    )


@exercise(difficulty=2, minutes=10)
def fault_column(trial: Trial) -> None:
    """Give the heaviest column not `known` if it has three times an even share, else -1."""
    shares = torch.tensor([0.5, 0.02, 0.02, 0.4, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005])
    known = torch.tensor([True, False, True, False, True, False, True, True, True, True])
    trial.truth(
        3,
        shares,
        known,
        usual={
            "It names the heaviest column of all. What is known when asked may be heavy.": 0,
            "It gives the share. Give the number of the column.": 0.4,
            "It names the lightest of the unknown columns.": 5,
            "It counts among the unknown columns only. Give the place in the whole table.": 1,
            "It says that there is no fault. Three times an even share of ten columns is 0.3.": -1,
        },
    )
    light = torch.tensor([0.75, 0.25, 0, 0, 0, 0, 0, 0, 0, 0])
    trial.truth(
        -1,
        light,
        known,
        usual={
            "It names the heaviest unknown column, however light it is. Below three times an even "
            "share there is no fault.": 1,
            "Where nothing is a fault, it names the first column. Give -1.": 0,
        },
    )
    trial.truth(
        0,
        torch.tensor([0.75, 0.25, 0, 0]),
        torch.tensor([False, True, True, True]),
        usual={
            "Three times an even share is enough: at least, not more than.": -1,
        },
    )
    trial.promise(
        trial(shares.flip(0), known.flip(0)) == len(shares) - 1 - trial(shares, known),
        "a table with its columns in reverse order should have its fault at the mirrored place.",
    )


@exercise(difficulty=3, minutes=15)
def right_reason_loss(trial: Trial) -> None:
    """Give `wrong` plus `strength` times the mean share of the `named` columns in slope x value."""
    slopes = torch.tensor([[1.0, -3.0], [2.0, 1.0]])
    x = torch.tensor([[1.0, 1.0], [2.0, 4.0]])
    named = torch.tensor([False, True])
    wrong, strength = torch.tensor(0.3), torch.tensor(2.0)
    trial.truth(
        1.55,
        wrong,
        slopes,
        x,
        named,
        strength,
        usual={
            "It punishes the columns that are not named.": 0.3 + 2 * 0.375,
            "It leaves the values out: a reason is slope times value.": 0.3 + 2 * 13 / 24,
            "It adds up signed reasons, so pushes up and down cancel. Take sizes.": 0.3 + 2 * 1.0,
            "It adds the shares of the rows up. Take their mean.": 0.3 + 2 * 1.25,
            "It forgets the strength.": 0.3 + 0.625,
            "It is the penalty alone. Add the loss of the answers, or the learner forgets what it "
            "knew.": 1.25,
            "It punishes the mean size in the named columns. Then shrinking all slopes lowers it, "
            "and no reason moves. Take shares.": 0.3 + 2 * 3.5,
            "It takes the share from the answers' loss: a penalty is added.": 0.3 - 2 * 0.625,
        },
    )
    trial.truth(0.3, wrong, slopes, x, torch.zeros_like(named), strength, usual={})
    trial.promise(
        close(
            trial(wrong, 5 * slopes, x, named, strength), trial(wrong, slopes, x, named, strength)
        ),
        "a learner that is five times surer, for the same reasons, should be punished as much.",
    )


@exercise(difficulty=2, minutes=10)
def agrees(trial: Trial) -> None:
    """Say whether no two answers `(n,)` that belong together differ by more than `within`."""
    lab, within = torch.tensor([0.5, 0.5]), torch.tensor(0.1)
    trial.truth(True, lab, lab + torch.tensor([0.05, -0.05]), within, usual={})
    trial.truth(
        False,
        lab,
        torch.tensor([1.0, 0.0]),
        within,
        usual={"It averages signed differences: one up and one down cancel.": True},
    )
    trial.truth(
        False,
        lab,
        torch.tensor([1.0, 0.5]),
        within,
        usual={"It lets off what is served too large. Take the sizes of the differences.": True},
    )
    trial.truth(
        False,
        lab,
        torch.tensor([0.0, 0.5]),
        within,
        usual={"It lets off what is served too small. Take the sizes of the differences.": True},
    )
    many = torch.zeros(10)
    trial.truth(
        False,
        many,
        many + torch.tensor([0.5, *[0.0] * 9]),
        within,
        usual={"A single wrong answer hides in a mean. Look at the largest difference.": True},
    )
    trial.truth(
        False,
        many + 1000,
        many + 1000.5,
        within,
        usual={"It compares ratios, or lets large numbers off. Compare differences.": True},
    )
    trial.truth(
        True,
        torch.tensor([1.0, 2.0]),
        torch.tensor([1.25, 2.0]),
        torch.tensor(0.25),
        usual={"A difference of exactly `within` is allowed.": False},
    )


EXERCISES = (column_shares, fault_column, right_reason_loss, agrees)
