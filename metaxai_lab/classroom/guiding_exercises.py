"""The exercises on guiding a learner: prices, pairs, columns in another order, and coverage.

Each truth was worked out by hand. Chapter: book/importance/guiding_a_learner.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=3, minutes=15)
def priced_ridge(trial: Trial) -> None:
    """Give the weights with the least sum of squared errors plus `prices[j] * weights[j]**2`."""
    x, y = torch.tensor([[1.0, 1.0], [0.0, 1.0]]), torch.tensor([3.0, 1.0])
    trial.truth(
        [11 / 9, 5 / 9],
        x,
        y,
        torch.tensor([1.0, 3.0]),
        usual={
            "It asks no price at all: that is plain least squares.": [2, 1],
            "All columns pay the mean price. Each has one of its own.": [8 / 11, 9 / 11],
            "It divides by the prices, so that dear columns become cheap.": [9 / 11, 15 / 11],
            "It squares the prices. The weights are squared, not the prices.": [29 / 21, 5 / 21],
            "It takes the mean of the squared errors. Their sum is asked for.": [20 / 23, 9 / 23],
            "It adds the prices to every entry of the matrix. They belong on its diagonal alone.": [
                -0.5,
                1.0,
            ],
        },
    )
    drawn = torch.randn(6, 4, generator=seeded(0))
    dear = torch.tensor([1.0, 1.0, 1e8])
    found = trial(drawn[:, :3], drawn[:, 3], dear)
    without = trial(drawn[:, :2], drawn[:, 3], dear[:2])
    trial.promise(
        found.shape == (3,) and close(found[:2], without) and found[2].abs() < 1e-4,
        "a column with an enormous price should get a weight of nearly 0, and the others the "
        "weights they have without it.",
    )


@exercise(difficulty=2, minutes=10)
def auroc(trial: Trial) -> None:
    """Give how often a relevant column weighs more than another; a tie counts one half."""
    weights = torch.tensor([0.9, 0.4, 0.4, 0.1])
    relevant = torch.tensor([True, False, True, False])
    trial.truth(
        0.875,
        weights,
        relevant,
        usual={
            "A tie counts nothing here. It counts one half.": 0.75,
            "A tie counts as won here. It counts one half.": 1.0,
            "It counts the pairs that are lost.": 0.125,
            "It adds the pairs up. Divide by their number.": 3.5,
            "It divides by all pairs of columns. Only pairs of a relevant one with another one "
            "count.": 3.5 / 6,
            "It compares the mean weights. Compare pair by pair.": 0.4,
        },
    )
    trial.truth(0.5, torch.ones(5), torch.tensor([True, True, False, False, False]), usual={})
    drawn = torch.randn(9, generator=seeded(0))
    some = torch.arange(9) % 3 == 0
    trial.promise(
        close(trial((drawn / 50).exp(), some), trial(drawn, some)),
        "only the order counts: weights that are stretched without changing places should give "
        "the same.",
    )


@exercise(difficulty=2, minutes=10)
def in_old_order(trial: Trial) -> None:
    """Give gates back to the columns: those of `x[:, order]` in the order of `x`."""
    gates, order = torch.tensor([0.5, 0.3, 0.1, 0.7]), torch.tensor([2, 0, 3, 1])
    trial.truth(
        [0.3, 0.7, 0.5, 0.1],
        gates,
        order,
        usual={
            "It moves the gates once more, in the direction in which the columns went. They have "
            "to go back.": [0.1, 0.5, 0.7, 0.3],
            "It gives the gates as they came: in the new order.": [0.5, 0.3, 0.1, 0.7],
            "It sorts the gates by size. Sort by the place they belong to.": [0.1, 0.3, 0.5, 0.7],
            "It turns the row round. That undoes only a turning round.": [0.7, 0.1, 0.3, 0.5],
            "These are places. The gates at these places are asked for.": [1, 3, 0, 2],
        },
    )
    drawn = torch.rand(7, generator=seeded(0))
    order = torch.randperm(7, generator=seeded(1))
    trial.promise(
        close(trial(drawn[order], order), drawn.double()),
        "gates that went with their columns should come back as they were.",
    )


@exercise(difficulty=3, minutes=15)
def covered(trial: Trial) -> None:
    """Give the share of `seen` gates inside the 90 % intervals of logits with a `spread`."""
    logits = torch.tensor([2.0, 0.5, 1.0, 0.5, 0.5, -2.0, 1.0, -2.0])
    spread = torch.tensor([0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    seen = torch.tensor([0.97, 0.95, 0.4, 0.9, 0.05, 0.6, 0.95, 0.2])
    trial.truth(
        0.25,
        logits,
        spread,
        seen,
        usual={
            "It takes 1.96 standard deviations, as for 95 % of a normal law. Here it is 1.63.": 0.5,
            "It takes one standard deviation. For 90 % it is 1.63.": 0.125,
            "It lays the interval around the gate. The spread is one of the logit.": 1.0,
            "It asks only whether a gate is below the upper end.": 0.375,
            "It asks only whether a gate is above the lower end.": 0.875,
            "It counts those outside.": 0.75,
            "It compares gates with logits. Send both ends through the sigmoid first.": 0.625,
            "It counts. Give the share.": 2.0,
        },
    )
    trial.truth(
        0.25,
        torch.zeros(4),
        torch.tensor([2.0, 2.0, 1.0, 4.0]),
        torch.tensor([0.97, 0.97, 0.837, 0.9933]),
        usual={
            "It squares the spread. It is a standard deviation already.": 0.75,
            "It takes the root of the spread. It is a standard deviation already.": 0.0,
            "It takes 1.645 standard deviations, as for a normal law. Here it is 1.63.": 0.5,
        },
    )
    trial.truth(1.0, torch.zeros(3), torch.ones(3), torch.full((3,), 0.5), usual={})


EXERCISES = (priced_ridge, auroc, in_old_order, covered)
