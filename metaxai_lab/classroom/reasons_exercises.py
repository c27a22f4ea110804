"""The exercises on reasons: what a column adds, where a map lies, and whether it tells two apart.

Each truth was worked out by hand. Chapter: book/concepts/why_explain.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=1, minutes=5)
def contributions(trial: Trial) -> None:
    """Split what a linear model adds to its answer at `baseline`, column by column, all `(d,)`."""
    weights = torch.tensor([0.5, 2.0, -1.0])
    row, baseline = torch.tensor([3.0, 1.0, 2.0]), torch.tensor([1.0, 1.0, 0.0])
    trial.truth(
        [1, 0, -2],
        weights,
        row,
        baseline,
        usual={
            "It forgets the baseline: a column counts by how far it is from its baseline.": [
                1.5,
                2,
                -2,
            ],
            "It goes from the row to the baseline: all signs are turned.": [-1, 0, 2],
            "It takes sizes and loses the signs, so that a push down looks like a push up.": [
                1,
                0,
                2,
            ],
            "It adds the columns up. Keep one number for each column.": -1,
            "It gives how far each column is from its baseline, and leaves the weights out.": [
                2,
                0,
                2,
            ],
        },
    )
    trial.truth([0, 0, 0], weights, row, row, usual={})
    drawn = torch.randn(3, 4, generator=seeded(0))
    whole = trial(drawn[0], drawn[1], drawn[2]).sum()
    trial.promise(
        close(whole, (drawn[0] @ (drawn[1] - drawn[2])).double()),
        "the contributions should add up to the answer at the row less the answer at the baseline.",
    )


@exercise(difficulty=1, minutes=5)
def share_in_region(trial: Trial) -> None:
    """Give the share of the mass of signed `values` `(d,)` that lies where `region` `(d,)` is True.

    The mass of a column is the size of its value, whatever its sign.
    """
    values = torch.tensor([2.0, -6.0, 1.0, -1.0])
    region = torch.tensor([False, True, False, True])
    trial.truth(
        0.7,
        values,
        region,
        usual={
            "It adds up signed values, so pushes up and down cancel. Take sizes first.": 1.75,
            "It divides sizes by a signed sum, in which pushes up and down have cancelled.": -1.75,
            "It leaves out the pushes down. They count by their size, too.": 0,
            "It takes the mean in the region over the sum of all, so a small region looks as good "
            "as a large one.": 0.35,
            "It is the share of columns in the region, whatever the values say: what an even map "
            "gets.": 0.5,
            "It is the mass outside the region.": 0.3,
            "It is the mass inside. Divide by the mass of all columns.": 7,
        },
    )
    trial.truth(0.0, values, torch.zeros_like(region), usual={})
    trial.promise(
        close(trial(-3 * values, region), trial(values, region)),
        "turning all signs and tripling all values should leave the share as it is.",
    )


@exercise(difficulty=2, minutes=10)
def fall(trial: Trial) -> None:
    """Give the accuracy at home less that away, from log-odds `(n,)`, `(n,)` and classes `(n,)`."""
    home = torch.tensor([0.3, -2.0, 1.0, -0.5, 0.6, 2.0])
    away = torch.tensor([-0.3, -2.0, 1.2, 0.7, -0.1, -1.0])
    y = torch.tensor([1, 0, 1, 0, 0, 1])
    trial.truth(
        1 / 3,
        home,
        away,
        y,
        usual={
            "It asks for log-odds above 0.5. That is the limit for probabilities; a probability "
            "of one half has the log-odds 0.": 1 / 6,
            "It is the accuracy away. Take it from the accuracy at home.": 1 / 2,
            "The sign is turned: a model that is worse away falls by a positive number.": -1 / 3,
            "It counts answers that change. Some change from wrong to right.": 2 / 3,
            "It divides the two accuracies. Subtract them.": 3 / 5,
            "It counts rows. Divide by the number of all rows.": 2,
        },
    )
    trial.truth(0.0, home, home, y, usual={})
    trial.promise(
        close(trial(10 * home, 0.1 * away, y), trial(home, away, y)),
        "a model that is ten times surer at home, with the same answers, should fall as far.",
    )


@exercise(difficulty=3, minutes=15)
def tells_apart(trial: Trial) -> None:
    """Give how often a share of `one` `(n,)` is above a share of `other` `(m,)`; a tie is half.

    All pairs count, so 0.5 is what an explanation gets that says the same of both models.
    """
    one, other = torch.tensor([0.5, 0.2]), torch.tensor([0.1, 0.2, 0.4])
    trial.truth(
        0.75,
        one,
        other,
        usual={
            "A tie counts as a win. It is half a win, or two equal explanations would seem to "
            "differ.": 5 / 6,
            "A tie counts as a loss. It is half a win, or two equal explanations would seem to "
            "differ.": 4 / 6,
            "It asks how often `other` is above `one`: the two are exchanged.": 0.25,
            "It is the difference of the means, which depends on the unit. Count pairs.": 0.35
            - 0.7 / 3,
            "It counts pairs. Divide by the number of all pairs.": 4.5,
        },
    )
    drawn = torch.rand(2, 5, generator=seeded(0))
    trial.promise(
        close(trial(drawn[0], drawn[0]), torch.tensor(0.5, dtype=torch.double)),
        "the same shares twice should give 0.5.",
    )
    trial.promise(
        close(trial(drawn[0], drawn[1]), 1 - trial(drawn[1], drawn[0])),
        "exchanging the two should turn a value v into 1 - v.",
    )


EXERCISES = (contributions, share_in_region, fall, tells_apart)
