"""The exercises on attention as an explanation: mass, leaving out, distance, needed parts.

Each truth was worked out by hand. Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from math import log

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded

WEIGHTS = torch.tensor([0.5, 0.3, 0.2])
LABELS = torch.tensor([0, 0, 1])


@exercise(difficulty=1, minutes=5)
def mass_on_class(trial: Trial) -> None:
    """Give the share of the weights `(n,)` that lies on support rows with the given label."""
    trial.truth(
        0.8,
        WEIGHTS,
        LABELS,
        torch.tensor(0),
        usual={
            "It takes the mean over the class. Add its weights up.": 0.4,
            "It counts the rows of the class. Add up their weights.": 2 / 3,
            "It adds up the weights of the other classes.": 0.2,
            "It divides by the number of rows. Divide by the sum of the weights.": 0.8 / 3,
        },
    )
    trial.truth(
        0.25,
        torch.tensor([3.0, 6.0, 3.0]),
        torch.tensor([1, 0, 2]),
        torch.tensor(2),
        usual={"The weights need not sum to 1. Divide by their sum.": 3.0},
    )
    trial.truth(0, WEIGHTS, LABELS, torch.tensor(4), usual={})


@exercise(difficulty=3, minutes=15)
def left_out(trial: Trial) -> None:
    """Give for each row log p of `label` less log p without the row, where weights sum labels."""
    trial.truth(
        [log(0.8 / 0.6), log(0.8 * 0.7 / 0.5), log(0.8)],
        WEIGHTS,
        LABELS,
        torch.tensor(0),
        usual={
            "It forgets that the other weights share out anew: divide by what is left.": [
                log(0.8 / 0.3),
                log(0.8 / 0.5),
                0,
            ],
            "It gives differences of probabilities. Take logarithms.": [
                0.8 - 0.6,
                0.8 - 0.5 / 0.7,
                0.8 - 1,
            ],
            "It has the sign turned round: what is lost is log p less log p without.": [
                log(0.6 / 0.8),
                log(0.5 / 0.7 / 0.8),
                log(1 / 0.8),
            ],
        },
    )
    truth = [log(0.8 / 0.6), log(0.8 * 0.7 / 0.5), log(0.8)]
    trial.truth(
        truth,
        WEIGHTS / 2,
        LABELS,
        torch.tensor(0),
        usual={
            "The weights need not sum to 1. Without a row, divide by the sum of the others.": [
                log(0.4 / 0.15 * 0.75),
                log(0.4 / 0.25 * 0.85),
                log(0.9),
            ],
            "The weights need not sum to 1. Divide by their sum for p, too.": [
                part - log(2) for part in truth
            ],
        },
    )
    trial.truth(truth, 10 * WEIGHTS, LABELS, torch.tensor(0), usual={})
    drawn = torch.rand(6, generator=seeded(0))
    labels, label = torch.tensor([0, 1, 2, 0, 1, 2]), torch.tensor(1)
    found = trial(drawn / drawn.sum(), labels, label)
    trial.promise(
        ((found > 0) == (labels == 1)).all(),
        "a row of the asked label should speak for it, and each other row against it.",
    )


@exercise(difficulty=1, minutes=5)
def total_variation(trial: Trial) -> None:
    """Give the total variation of two rows of probabilities `(n,)`: half the sum of differences."""
    one, other = torch.tensor([0.5, 0.5, 0.0]), torch.tensor([0.25, 0.25, 0.5])
    trial.truth(
        0.5,
        one,
        other,
        usual={
            "Differences up and down cancel. Take their sizes.": 0.0,
            "It is twice too large: what leaves one class arrives in another. Halve it.": 1.0,
            "It takes a mean over the classes. Half of the sum is asked.": 1 / 3,
            "It squares the differences. Take their sizes.": 0.1875,
        },
    )
    trial.truth(
        0.6,
        torch.tensor([0.6, 0.4, 0.0, 0.0]),
        torch.tensor([0.2, 0.2, 0.3, 0.3]),
        usual={"It takes the largest of the differences. Add them all up, then halve.": 0.4},
    )
    drawn = torch.rand(2, 6, generator=seeded(0)).softmax(-1)
    trial.promise(
        close(trial(drawn[0], drawn[1]), trial(drawn[1], drawn[0])),
        "it should not matter which of the two comes first.",
    )


@exercise(difficulty=2, minutes=10)
def without_top(trial: Trial) -> None:
    """Give `x` `(n,)` with the `count` parts blanked, to 0, that `values` rank highest."""
    x, values = torch.tensor([5.0, 6.0, 7.0, 8.0]), torch.tensor([0.1, -0.9, 0.5, 0.2])
    trial.truth(
        [5, 6, 0, 0],
        x,
        values,
        torch.tensor(2),
        usual={
            "It keeps the highest parts and blanks the others.": [0, 0, 7, 8],
            "It ranks by size, so a part that speaks against goes first. Keep the signs.": [
                5,
                0,
                0,
                8,
            ],
        },
    )
    trial.truth(
        [0, 6, 7, 8],
        x,
        torch.tensor([0.9, -0.9, 0.5, 0.2]),
        torch.tensor(1),
        usual={
            "It ranks the parts of x. Rank by the values of the explanation.": [5, 6, 7, 0],
            "It blanks one part too many.": [0, 6, 0, 8],
        },
    )
    trial.truth(x, x, values, torch.tensor(0), usual={})


EXERCISES = (mass_on_class, left_out, total_variation, without_top)
