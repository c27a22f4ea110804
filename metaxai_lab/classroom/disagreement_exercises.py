"""The exercises on judges that disagree: an order's tau, marks on one scale, rows that stay real.

Each truth was worked out by hand. Chapter: book/judging/when_judges_disagree.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded

ONE, OTHER = [1.0, 2.0, 3.0, 4.0, 5.0], [20.0, 10.0, 90.0, 30.0, 40.0]  # 3 pairs of 10 are turned


@exercise(difficulty=2, minutes=10)
def tau(trial: Trial) -> None:
    """Give Kendall's tau of two lists of marks without ties."""
    trial.truth(
        0.4,
        torch.tensor(ONE),
        torch.tensor(OTHER),
        usual={
            "That is the share of pairs in one order. Take away those the other way round.": 0.7,
            "That counts pairs. Divide by their number, n (n - 1) / 2.": 4,
            "Each pair is counted once, so divide by n (n - 1) / 2, not by n (n - 1).": 0.2,
            "It divides by n squared. There are n (n - 1) / 2 pairs.": 0.16,
            "Each pair counts twice, in both directions. Halve it.": 0.8,
            "That is Spearman's correlation, of places. Tau counts pairs.": 0.6,
            "That is the share of pairs that are turned, as a loss. Add those in one order.": -0.3,
            "It compares each mark with the next one alone. Each two marks make a pair.": 0,
            "That is Pearson's correlation: the sizes of the marks count. Take only signs.": float(
                torch.corrcoef(torch.tensor([ONE, OTHER]))[0, 1]
            ),
        },
    )
    trial.truth(
        -1,
        torch.tensor([1.0, 2.0, 3.0]),
        torch.tensor([5.0, 4.0, 1.0]),
        usual={
            "The other way round in all pairs should give -1, not 0.": 0,
            "The sign is lost: the other way round is not the same as agreeing.": 1,
        },
    )
    trial.truth(
        0,
        torch.tensor([3.0, 1.0, 4.0, 2.0]),
        torch.tensor([1.0, 2.0, 8.0, 9.0]),
        usual={"It looks at the second list alone. A pair agrees or not by both lists.": 1},
    )
    drawn = torch.randn(2, 6, generator=seeded(0))
    trial.promise(
        close(trial(drawn[0], drawn[1]), trial(drawn[0].exp(), 3 * drawn[1] - 1)),
        "marks that are stretched and keep their order should keep their tau.",
    )


@exercise(difficulty=2, minutes=10)
def on_one_scale(trial: Trial) -> None:
    """Give a mark where chance is 0 and the exact values are 1, whichever direction is better."""
    trial.truth(
        0.5,
        7.0,
        4.0,
        10.0,
        usual={
            "Chance is 0 on this scale: take it away above the line.": 7 / 6,
            "Below the line, take chance away from the mark of the exact values.": 0.3,
            "That is the share of the exact mark, and forgets chance.": 0.7,
            "Divide by what lies between chance and the exact values.": 3,
            "The sign is turned: the exact values have 1.": -0.5,
        },
    )
    trial.truth(
        0.75,
        2.5,
        4.0,
        2.0,
        usual={
            "Here low marks are good: the exact values score below chance. Both differences change "
            "their sign, so take no absolute value and turn nothing.": -0.75,
            "It starts at the exact values. Start at chance.": 0.25,
        },
    )
    trial.truth(
        -0.5,
        5.0,
        4.0,
        2.0,
        usual={
            "Worse than chance is below 0. Do not cut off at 0.": 0,
            "Worse than chance is below 0. Do not take an absolute value.": 0.5,
        },
    )
    trial.truth(
        1.5,
        13.0,
        4.0,
        10.0,
        usual={"A gate looks for marks above those of the exact values. Do not cut off at 1.": 1},
    )
    trial.truth(
        0.25,
        2.0,
        1.0,
        5.0,
        usual={"Chance is not the same for each judge: take the number that is given.": -2},
    )


@exercise(difficulty=3, minutes=15)
def on_data_value(trial: Trial) -> None:
    """Give a coalition's value from real rows: the mean of the `k` nearest in its columns."""
    table = torch.tensor([[0.0, 9.0], [1.0, 0.0], [2.0, 8.0], [20.0, 0.1]])
    said, row = torch.tensor([1.0, 3.0, 7.0, 40.0]), torch.tensor([0.1, 0.0])
    first, both = torch.tensor([True, False]), torch.tensor([True, True])
    trial.truth(
        2,
        row,
        table,
        said,
        first,
        2,
        usual={
            "It measures the distance in all columns. Take those of the coalition.": 5,
            "It measures the distance in the columns that are not known.": 21.5,
            "That is the answer of the nearest row alone. Take the mean over k.": 1,
            "That is the sum. Take the mean.": 4,
            "Those are the rows furthest away.": 23.5,
            "That is the mean over the whole table.": 12.75,
        },
    )
    trial.truth(
        21.5,
        row,
        table,
        said,
        ~first,
        2,
        usual={"It is right for the first column alone: use the mask.": 2},
    )
    trial.truth(
        1,
        torch.tensor([0.0, 9.0]),
        table,
        said,
        both,
        1,
        usual={"It takes two rows whatever k is.": 4},
    )
    distances = {  # of two rows the right one is nearer to 0, and what makes the other seem so
        "It adds up signed steps, so that one makes up for the other. Square them.": (
            20,
            [[3.0, -3.0], [2.0, 2.0]],
        ),
        "It adds up the sizes of the steps. Take the squares: a distance is the root of their "
        "sum.": (20, [[3.0, 0.0], [2.0, 2.0]]),
        "It takes the largest step alone. Squares count all steps.": (
            10,
            [[3.0, 0.0], [2.5, 2.5]],
        ),
        "It takes higher powers than squares.": (10, [[3.0, 0.0], [2.2, 2.2]]),
    }
    answers, nowhere = torch.tensor([10.0, 20.0]), torch.zeros(2)
    for mistake, (near, rows) in distances.items():
        usual = {mistake: 30 - near}
        trial.truth(near, nowhere, torch.tensor(rows), answers, both, 1, usual=usual)


EXERCISES = (tau, on_one_scale, on_data_value)
