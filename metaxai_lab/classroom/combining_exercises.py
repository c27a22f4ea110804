"""The open tasks of three assignments: each puts together what its part's exercises have found.

The parts are Concepts, Attention and Importance. Each truth was worked out by hand.
Chapter: book/appendix/teaching.md.
"""

from itertools import product

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=3, minutes=20)
def adapted_shares(trial: Trial) -> None:
    """Give each column's share of the reasons on the support rows, after some inner steps."""
    start = torch.tensor([2.0, 2.0])
    x, y = torch.tensor([[3.0, 0.0], [0.0, 0.0], [0.0, 6.0]]), torch.tensor([3.0, 0.0, 6.0])
    if trial(start, x, y, 1 / 6, 2).isnan().any():
        raise trial.no("a row of zeros gives 0 / 0. Reasons are measured from the mean row.")

    def both(*first: float) -> list[float]:
        share = sum(first) / len(first)
        return [share, 1 - share]

    trial.truth(
        both(1 / 11, 1 / 21, 1 / 41),  # after two steps the weights are 1 and 10
        start,
        x,
        y,
        1 / 6,
        2,
        usual={
            "It takes one step, or starts each anew. Begin where the last has ended.": both(
                1 / 3, 1 / 5, 1 / 9
            ),
            "It takes no step. The reasons are those of the weights after the steps.": both(
                1 / 2, 1 / 3, 1 / 5
            ),
            "It adds the sizes up over rows first, so that a row with large reasons counts more. "
            "Take the shares in each row, then their mean.": both(1 / 21),
            "It adds the shares of the rows up. Take their mean.": [
                share * 3 for share in both(1 / 11, 1 / 21, 1 / 41)
            ],
        },
    )
    trial.truth(both(1 / 2, 1 / 3, 1 / 5), start, x, y, 1 / 6, 0, usual={})
    drawn = torch.randn(6, 3, generator=seeded(0))
    still = trial(drawn[0], drawn[1:], drawn[1:] @ drawn[0], 0.1, 4)
    trial.promise(
        close(still, trial(drawn[0], drawn[1:], drawn[1:] @ drawn[0], 0.1, 0)),
        "where the start fits all rows, steps should change nothing.",
    )


@exercise(difficulty=3, minutes=20)
def named_by_both(trial: Trial) -> None:
    """Give the share of the heaviest words that are also among those whose loss matters most."""
    scores = torch.tensor([6.0, 5.0, 90.0, 4.0, 3.0, 2.0]).log()
    is_word = torch.tensor([True, True, False, True, True, True])
    labels, label = torch.tensor([1, 1, 1, 1, 1, 0]), torch.tensor(1)
    asked = is_word, labels, label
    trial.promise(
        close(trial(scores, *asked, 1), trial(scores.where(is_word, 0), *asked, 1)),
        "the score of a place that is no word should change nothing.",
    )
    trial.truth(
        2 / 3,  # heaviest: 0, 1, 3; most moved by: 5, 0, 1
        scores,
        *asked,
        3,
        usual={
            "It ranks by what speaks for the label. A word may speak against it: rank by size.": 1,
            "It counts words. Divide by `count`.": 2,
            "It divides by the words that either names. Divide by `count`.": 1 / 2,
            "It divides by the number of places. Divide by `count`.": 1 / 3,
        },
    )
    trial.truth(
        1 / 2,
        scores,
        *asked,
        2,
        usual={"It takes the words whose loss matters least. Take those of the largest size.": 0},
    )
    trial.truth(0, scores, *asked, 1, usual={})
    trial.promise(
        close(trial(scores, *asked, 6), torch.tensor(1.0).double()),
        "if all places are asked for, both name the same.",
    )


@exercise(difficulty=4, minutes=25)
def found_by_ridge(trial: Trial) -> None:
    """Give how often ridge, in units of the training rows, weighs a relevant column more."""
    signs = torch.tensor(list(product([1.0, -1.0], repeat=3)))
    a, b, c = signs.T
    apart = torch.stack([a, b, c, a * b, a * c], 1)  # five columns without any correlation
    y = apart @ torch.tensor([4.0, -5.0, 1.0, 2.0, 3.0])
    relevant = torch.tensor([False, True, False, False, True])
    x = apart * torch.tensor([1.0, 1.0, 1.0, 1.0, 10.0]) + 7
    x, y = torch.cat([x, torch.zeros(2, 5)]), torch.cat([y, torch.tensor([90.0, -70.0])])
    stayed = torch.arange(10) < 8
    other = y.where(stayed, 1 - 3 * y)
    trial.promise(
        close(trial(x, other, stayed, 2.0, relevant), trial(x, y, stayed, 2.0, relevant)),
        "the answers of rows that were held back should change nothing: fit the training rows.",
    )
    trial.truth(
        5 / 6,  # the sizes 5 and 3 against 4, 1 and 2
        x,
        y,
        stayed,
        2.0,
        relevant,
        usual={
            "It compares signed weights. A column that pulls down is found by its size.": 2 / 6,
            "It compares weights of raw columns. Their units are no importance.": 3 / 6,
            "It is how often the other column weighs more.": 1 / 6,
            "It counts pairs. Divide by the number of all pairs.": 5,
        },
    )
    moved = trial(1000 * x - 5, y, stayed, 2.0, relevant)
    trial.promise(
        close(moved, trial(x, y, stayed, 2.0, relevant)),
        "another unit should change nothing.",
    )


EXERCISES = (adapted_shares, named_by_both, found_by_ridge)
