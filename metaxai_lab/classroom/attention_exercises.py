"""The exercises on attention: the two halves of the mechanism, and two judges of where it looked.

Each truth was worked out by hand; exp(0), exp(ln 2), exp(ln 3) are 1, 2, 3. Chapter:
book/attention/from_equations.ipynb.
"""

from math import log

import torch
from torch import Tensor

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def masked_softmax(trial: Trial) -> None:
    """Turn scores `(T,)` into weights `(T,)`: a softmax over the positions i <= t, 0 after them."""
    scores = torch.tensor([0.0, log(2), log(3)])
    trial.truth(
        [1 / 3, 2 / 3, 0],
        scores,
        1,
        usual={
            "It looks ahead: position 1 must not see the score of position 2.": [
                1 / 6,
                2 / 6,
                3 / 6,
            ],
            "It takes the softmax over all positions and clears the later ones afterwards, so the "
            "weights no longer sum to 1. Leave them out before the softmax.": [1 / 6, 2 / 6, 0],
            "It leaves out the position itself: i <= t includes t.": [1, 0, 0],
            "It sets the later scores to 0, and exp(0) is 1, so they still get weight. Set them to "
            "minus infinity.": [1 / 4, 2 / 4, 1 / 4],
            "Each softmax runs over an axis of length one, and the softmax of a single number is "
            "1. Take it along the axis of positions.": [1, 1, 1],
            "It gives no weight for the later positions. Give them the weight 0, so that all "
            "rows of weights have the same length.": [1 / 3, 2 / 3],
        },
    )
    trial.truth([1, 0, 0], scores, 0, usual={})
    trial.truth([1 / 6, 2 / 6, 3 / 6], scores, 2, usual={})
    drawn = torch.randn(6, generator=seeded(0))
    weights, shifted = trial(drawn, 3), trial(drawn + 1000, 3)
    trial.promise(
        not shifted.isnan().any(),
        "scores near 1000 give nan, because exp(1000) is too large for a float. Subtract the "
        "largest score first, or let torch.softmax do it.",
    )
    trial.promise(
        torch.allclose(weights, shifted, atol=1e-3),
        "adding 1000 to every score changes the weights; a softmax sees only differences.",
    )
    later = torch.cat([drawn[:4], drawn[4:] + 7])
    trial.promise(
        close(weights, trial(later, 3)),
        "the weights change with scores of later positions, which are not known yet.",
    )


@exercise(difficulty=1, minutes=5)
def context(trial: Trial) -> None:
    """Turn weights `(T, T)` and inputs `(T, d)` into contexts `(T, d)`: c_t = sum_i a_ti x_i."""
    weights = torch.tensor([[1.0, 0.0], [0.25, 0.75]])
    x = torch.tensor([[2.0, 0.0], [4.0, 8.0]])
    trial.truth(
        [[2, 0], [3.5, 6]],
        weights,
        x,
        usual={
            "It sums over t where it should sum over i: the weights are turned over.": [
                [3, 2],
                [3, 6],
            ],
            "It divides by the number of positions; the weights sum to 1 already.": [
                [1, 0],
                [1.75, 3],
            ],
            "It weighs each input by itself, a_tt x_t, and sums nothing.": [[2, 0], [3, 6]],
            "It gives the context of the last position only. Keep one row for each t.": [3.5, 6],
            "It adds up the inputs and leaves the weights out.": [[2, 0], [6, 8]],
            "The product runs the other way round, x @ weights, and sums over the columns of x. "
            "The weights stand on the left.": [[2, 0], [6, 6]],
            "It multiplies entry by entry, weights * x, and never sums over i.": [[2, 0], [1, 6]],
        },
    )
    chosen = torch.tensor([[1.0, 0, 0], [1.0, 0, 0], [0, 1.0, 0]])
    drawn = torch.randn(3, 2, generator=seeded(0))
    trial.promise(
        close(trial(chosen, drawn), drawn[[0, 0, 1]].double()),
        "a weight of 1 on one input should give just that input back.",
    )
    trial.promise(
        close(trial(chosen, 2 * drawn), 2 * trial(chosen, drawn)),
        "doubling the inputs should double the contexts.",
    )


@exercise(difficulty=1, minutes=5)
def mass_in_mask(trial: Trial) -> None:
    """Give the share of an attention map `(h, w)` that lies where the mask `(h, w)` is True."""
    attention = torch.tensor([[0.1, 0.2], [0.3, 0.4]])
    mask = torch.tensor([[False, True], [False, True]])
    trial.truth(
        0.6,
        attention,
        mask,
        usual={
            "It is the mean weight of a cell in the mask, so a small mask looks as good as a large "
            "one. Sum the weights.": 0.3,
            "It is the mass outside the mask.": 0.4,
            "It is the share of cells in the mask, whatever the attention says: the value that "
            "an even map gets.": 0.5,
            "It counts cells of the mask and looks at no weight.": 2,
            "It divides by the area of the mask. That is a lift; here the share is asked for.": 1.2,
            "That is a percentage. A share is a number from 0 to 1: leave out the factor 100.": 60,
        },
    )
    trial.truth(
        0.6,
        10 * attention,
        mask,
        usual={
            "This map sums to 10. A share is the mass inside over the mass of the whole map.": 6
        },
    )
    trial.truth(0.0, attention, torch.zeros_like(mask), usual={})
    trial.promise(
        close(trial(attention, torch.ones_like(mask)), _number(1.0)),
        "a mask over the whole picture should hold all of the attention, a share of 1.",
    )


@exercise(difficulty=1, minutes=5)
def pointing_chance(trial: Trial) -> None:
    """Give the probability that a cell drawn evenly from a mask `(h, w)` lies where it is True."""
    mask = torch.tensor([[True, True, False, False], [True, False, False, False]])
    trial.truth(
        3 / 8,
        mask,
        usual={
            "That is the chance to hit one given cell; all three cells of the mask are hits.": 1
            / 8,
            "That is the chance of one cell among those of the mask. Draw from all cells.": 1 / 3,
            "That is how many cells are hits. Divide by the number of all cells.": 3,
            "That is the probability of a miss.": 5 / 8,
            "It divides by the number of rows, not of all cells.": 3 / 2,
            "It divides by the number of columns, not of all cells.": 3 / 4,
        },
    )
    trial.truth(3 / 8, mask.T, usual={})
    trial.promise(
        close(trial(torch.ones_like(mask)), _number(1.0)),
        "where every cell is right, each draw is a hit, a probability of 1.",
    )
    trial.promise(
        close(trial(torch.zeros_like(mask)), _number(0.0)),
        "where no cell is right, no draw is a hit, a probability of 0.",
    )


EXERCISES = (masked_softmax, context, mass_in_mask, pointing_chance)


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.double)
