"""The exercises on sentences: weights for words only, how rare a word is, how far weight moved.

Each truth was worked out by hand. Chapter: book/attention/sentences.ipynb.
"""

from math import log

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def word_weights(trial: Trial) -> None:
    """Give the softmax of `scores` (n,) over the places where `is_word` is true; elsewhere 0."""
    scores = torch.tensor([1.0, 3.0, 1.0, 4.0]).log()
    is_word = torch.tensor([True, True, False, False])
    trial.truth(
        [0.25, 0.75, 0, 0],
        scores,
        is_word,
        usual={
            "Places behind the end take part. Give them no weight before you divide.": [
                1 / 9,
                3 / 9,
                1 / 9,
                4 / 9,
            ],
            "Places behind the end are set to 0 after the division, so the words no longer add up "
            "to 1.": [1 / 9, 3 / 9, 0, 0],
            "A score of 0 is not a weight of 0: its exponential is 1.": [
                1 / 6,
                3 / 6,
                1 / 6,
                1 / 6,
            ],
            "It weighs the end of the sentence, and not its words.": [0, 0, 0.2, 0.8],
        },
    )
    empty = torch.tensor([0.5, 2.0]), torch.tensor([False, False])
    trial.promise(
        trial(*empty).isfinite().all(),
        "a sentence without words divides nothing by nothing, which is not a number. Its weights "
        "are all 0.",
    )
    trial.truth(
        [0, 0],
        *empty,
        usual={
            "A sentence without words has no weights, and the softmax of equal scores shares "
            "them out.": [0.5, 0.5],
        },
    )
    drawn, some = torch.randn(6, generator=seeded(0)), torch.arange(6) < 4
    trial.promise(
        close(trial(drawn + 5, some), trial(drawn, some)),
        "scores that are all higher by 5 should give the same weights.",
    )


@exercise(difficulty=1, minutes=10)
def rare(trial: Trial) -> None:
    """Give 1 - log(count + 1) / log(n + 1) for each word: `count` of n training sentences have it.

    `present` (sentence, word) counts how often a word stands in a sentence.
    """
    present = torch.tensor([[1, 1, 0, 0], [2, 0, 0, 1], [1, 0, 0, 0]])
    by_row = 1 - _log(2, 4), 1 - _log(1, 4)
    trial.truth(
        [0, 0.5, 1, 0.5],
        present,
        usual={
            "It counts how often a word stands in all sentences. Count the sentences that have "
            "it.": [1 - _log(4, 3), 0.5, 1, 0.5],
            "It gives how common a word is. Take it from 1.": [1, 0.5, 0, 0.5],
            "It takes the share of sentences without the logarithms.": [0, 2 / 3, 1, 2 / 3],
            "It divides by the logarithm of the number of words. `n` is that of the sentences.": [
                1 - _log(3, 4),
                1 - _log(1, 4),
                1,
                1 - _log(1, 4),
            ],
            "It gives one number for each sentence. Count along the sentences, in each column.": [
                by_row[0],
                by_row[0],
                by_row[1],
            ],
            "The + 1 is missing, and the logarithm of 0 is not finite.": [0, 1, torch.inf, 1],
        },
    )
    trial.truth([0, 1], torch.tensor([[1, 0]]), usual={})
    trial.promise(
        close(trial(3 * present), trial(present)),
        "a word that stands in a sentence three times as often should be as rare as before.",
    )


@exercise(difficulty=2, minutes=10)
def weight_moved(trial: Trial) -> None:
    """Give the share of the weight that moved to other places, for each sentence (row)."""
    before = torch.tensor([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    after = torch.tensor([[0.25, 0.5, 0.25], [0.0, 0.0, 1.0]])
    trial.truth(
        [0.25, 1],
        before,
        after,
        usual={
            "What leaves one place arrives at another: each move is counted twice. Halve it.": [
                0.5,
                2,
            ],
            "Signed changes of a sentence add up to 0. Take their sizes.": [0, 0],
            "It averages over the places, so that longer sentences seem to move less. Add up.": [
                1 / 6,
                2 / 3,
            ],
            "It averages over the places and halves. Add up along a row, and halve the sum.": [
                1 / 12,
                1 / 3,
            ],
            "It halves twice. The sum of the sizes is halved once.": [0.125, 0.5],
            "It squares the changes. A weight is a share: add up sizes.": [0.125, 2],
            "It gives one number for all sentences. Add up along a row only.": 1.25,
        },
    )
    wide = torch.zeros(2, 4)
    trial.promise(
        close(
            trial(torch.cat([before, wide], 1), torch.cat([after, wide], 1)), trial(before, after)
        ),
        "places without any weight should change nothing.",
    )


def _log(count: int, of: int) -> float:
    """Return log(count + 1) / log(of + 1), for mistakes that count something else."""
    return log(count + 1) / log(of + 1)


EXERCISES = (word_weights, rare, weight_moved)
