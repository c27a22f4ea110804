"""The exercises on three kinds of explanation: importance, a local share, a local line, fidelity.

Each truth was worked out by hand. Chapter: book/concepts/three_kinds_of_explanation.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def permutation_importance(trial: Trial) -> None:
    """Give for each column how much the mean squared error rises if its values change places.

    The model is linear, `x @ weights`; the row i gets the value of the row `order[i]`.
    """
    weights = torch.tensor([2.0, 1.0])
    x, y = torch.tensor([[1.0, 0.0], [2.0, 2.0], [3.0, 1.0]]), torch.tensor([2.0, 5.0, 8.0])
    order = torch.tensor([1, 2, 0])
    trial.truth(
        [12, 2],
        weights,
        x,
        y,
        order,
        usual={
            "It gives the error after the exchange. Take from it the error before.": [
                38 / 3,
                8 / 3,
            ],
            "The sign is turned: an error that rises is a positive importance.": [-12, -2],
            "It compares outputs with outputs. The error is the distance from `y`.": [8, 2],
            "It moves whole rows. Exchange the values of one column at a time.": [18, 18],
            "It takes sizes of errors. Square them.": [8 / 3, 2 / 3],
            "It adds the errors up. Take their mean over the rows.": [36, 6],
            "It moves `y` along. The answers stay where they are.": [0, 8],
        },
    )
    trial.truth([0, 0], weights, x, y, torch.arange(3), usual={})
    drawn = torch.randn(8, 5, generator=seeded(0))
    unused = trial(
        torch.tensor([1.0, 0.0, -2.0]), drawn[:, :3], drawn[:, 3], torch.arange(8).flip(0)
    )
    trial.promise(
        close(unused[1], torch.zeros((), dtype=torch.double)),
        "a column of weight 0 should have the importance 0.",
    )


@exercise(difficulty=3, minutes=15)
def product_shares(trial: Trial) -> None:
    """Give the two Shapley values of the product of two columns, for a `row` `(2,)`.

    An absent column takes the values of a `background` `(n, 2)`, row by row.
    """
    row, background = torch.tensor([3.0, 2.0]), torch.tensor([[1.0, 4.0], [3.0, 1.0]])
    trial.truth(
        [3, -0.5],
        row,
        background,
        usual={
            "It halves the product. What counts is how far it is from the background's mean.": [
                3,
                3,
            ],
            "It takes one order alone, the first column first. Average both orders.": [4, -1.5],
            "It takes one order alone, the second column first. Average both orders.": [2, 0.5],
            "It halves the difference. What each column does alone belongs to that column.": [
                1.25,
                1.25,
            ],
            "It multiplies the means. With both absent, average the products of the background.": [
                2.25,
                -1.25,
            ],
            "It adds both orders. Take their mean.": [6, -1],
            "The two columns are exchanged.": [-0.5, 3],
        },
    )
    trial.truth([0, 0], row, row.expand(4, 2), usual={})
    drawn = torch.randn(6, 2, generator=seeded(0))
    shares = trial(drawn[0], drawn[1:])
    trial.promise(
        close(shares.sum(), (drawn[0].prod() - drawn[1:].prod(1).mean()).double()),
        "the two shares should add up to the product less its mean over the background.",
    )
    trial.promise(
        close(trial(drawn[0].flip(0), drawn[1:].flip(1)), shares.flip(0)),
        "a product knows no first column: exchanging the columns should exchange the shares.",
    )


@exercise(difficulty=3, minutes=15)
def lime_slopes(trial: Trial) -> None:
    """Give the slopes `(d,)` of a plane with an intercept, fitted to neighbours by their closeness.

    `steps` `(n, d)` lead from the row to its neighbours, `outputs` and `closeness` are `(n,)`.
    """
    steps, outputs = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([1.0, 2.0, 5.0])
    closeness = torch.tensor([2.0, 1.0, 1.0])
    trial.truth(
        [21 / 11],
        steps,
        outputs,
        closeness,
        usual={
            "All neighbours count the same. Weigh each squared error by its closeness.": [2],
            "The closeness counts twice. Scaling both sides squares it: scale by its root.": [
                13 / 7
            ],
            "There is no intercept, so the plane is held to 0 at the row.": [12 / 5],
            "The intercept is among the slopes. Leave it out of the answer.": [9 / 11, 21 / 11],
            "It scales the outputs alone. Scale the steps and the intercept too.": [
                (5 - 2**0.5) / 2
            ],
        },
    )
    g = seeded(0)
    drawn, near, slopes = torch.randn(20, 3, generator=g), torch.rand(20, generator=g), [2.0, 0, -1]
    linear = drawn @ torch.tensor(slopes) + 4
    trial.promise(
        close(trial(drawn, linear, near), torch.tensor(slopes, dtype=torch.double)),
        "a linear model should get its own weights back, whatever the closeness.",
    )
    curved = drawn.square().sum(1)
    trial.promise(
        close(trial(drawn, curved, near), trial(drawn, curved, 10 * near)),
        "if all neighbours are ten times as close, the slopes should stay.",
    )


@exercise(difficulty=2, minutes=10)
def fidelity(trial: Trial) -> None:
    """Give how much of the variance of the `model` outputs `(n,)` the `surrogate` `(n,)` repeats.

    1 is a perfect copy, 0 is what the mean of the model's outputs gets.
    """
    model = torch.tensor([1.0, 2.0, 3.0, 6.0, 3.0])
    surrogate = torch.tensor([1.0, 3.0, 3.0, 5.0, 3.0])
    trial.truth(
        6 / 7,
        model,
        surrogate,
        usual={
            "It is a squared correlation, which forgives a surrogate that is always too high.": 25
            / 28,
            "It divides by the spread of the surrogate. Divide by that of the model.": 3 / 4,
            "It is the share that is missed. Take it from 1.": 1 / 7,
            "It is the mean squared error. Compare it with the variance of the model.": 0.4,
            "It counts equal answers. A near miss should count too.": 0.6,
            "It measures the spread of the model from 0. Measure it from the mean.": 1 - 2 / 59,
            "It takes a root. Compare squared errors with a variance.": 1 - (1 / 7) ** 0.5,
            "It divides the variance by n - 1, and the error by n. Take `var(correction=0)`.": 31
            / 35,
        },
    )
    trial.truth(0.0, model, torch.full((5,), 3.0), usual={})
    trial.promise(
        close(trial(model, 6 - model), torch.tensor(-3.0, dtype=torch.double)),
        "a surrogate that turns the model upside down is worse than the mean: its fidelity is -3.",
    )
    trial.promise(
        close(trial(10 * model + 1, 10 * surrogate + 1), trial(model, surrogate)),
        "the unit of the output should not matter.",
    )


EXERCISES = (permutation_importance, product_shares, lime_slopes, fidelity)
