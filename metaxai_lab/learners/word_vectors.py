"""Vectors for words, met or not: made of the pieces of their spelling, and of how rare they are.

A word of a domain that was held out was never trained. So no word owns what is learned: it has the
sum of the vectors of its pieces, runs of three to five letters, and a new word brings pieces that
were trained. Beside them stands a fixed random vector, which tells a word from all others before
anything is learned. Pieces in numbered buckets: Bojanowski et al. (2017), section 3.2; rarity:
Spärck Jones (1972). Chapter: book/attention/sentences.ipynb.
"""

import zlib
from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

LENGTHS = (3, 4, 5)
MOST_PIECES = 24


class WordVectors(nn.Module):
    """Turns rows of word numbers into vectors; 0, the end of a sentence, into zeros.

    Args:
        vocabulary: the words by number; the first is empty.
        rarity: of each word, as `rarity` gives it.
        learned: columns that training moves, made of pieces.
        fixed: columns that stay as they are drawn.
        buckets: how many vectors the pieces share.

    Raises:
        ValueError: if there is not one rarity for each word.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        rarity: Float[Tensor, " word"],
        *,
        learned: int = 64,
        fixed: int = 256,
        buckets: int = 4096,
    ) -> None:
        super().__init__()
        if len(rarity) != len(vocabulary):
            raise ValueError(
                f"each word needs a rarity; found {len(vocabulary)} words and {len(rarity)} "
                "numbers. Take `rarity(table)` of a table with this vocabulary."
            )
        self.learned = learned
        self.rarity = nn.Buffer(rarity.clone())
        self.numbers = nn.Buffer(_numbers_of_pieces(tuple(vocabulary), buckets).clone())
        self.piece = nn.Parameter(0.3 * torch.randn(buckets + 1, learned))
        drawn = self._summed(self.numbers, 0.3 * torch.randn(buckets + 1, fixed))
        own = 0.3 * torch.randn(len(vocabulary), fixed)
        self.fixed = nn.Buffer((drawn + own) * (torch.arange(len(vocabulary)) > 0)[:, None])

    def forward(
        self, x: Float[Tensor, "*tasks row position"]
    ) -> Float[Tensor, "*tasks row position dim"]:
        """Return learned and fixed columns, side by side, of the word at each position.

        Raises:
            ValueError: if a number is no word of the vocabulary.
        """
        met, place = self._checked(x).unique(return_inverse=True)
        learned = self._summed(self.numbers[met], self.piece)
        return torch.cat([learned, self.fixed[met]], -1)[place]

    def rarity_of(
        self, x: Float[Tensor, "*tasks row position"]
    ) -> Float[Tensor, "*tasks row position"]:
        """Return the rarity of the word at each position."""
        return self.rarity[self._checked(x)]

    def _checked(
        self, x: Float[Tensor, "*tasks row position"]
    ) -> Int[Tensor, "*tasks row position"]:
        if x.numel() and not bool(((x >= 0) & (x < len(self.rarity)) & (x == x.round())).all()):
            raise ValueError(
                f"rows hold word numbers from 0 to {len(self.rarity) - 1}; found {float(x.min()):g}"
                f" to {float(x.max()):g}, or parts of a number. Number sentences with the "
                "vocabulary that this learner was made with."
            )
        return x.long()

    def _summed(
        self, numbers: Int[Tensor, "word piece"], vectors: Float[Tensor, "bucket column"]
    ) -> Float[Tensor, "word column"]:
        """Add up the vectors of the pieces; long words are not longer vectors."""
        n_pieces = (numbers > 0).sum(-1, keepdim=True).clamp_min(1)
        return F.embedding_bag(numbers, vectors, mode="sum", padding_idx=0) / n_pieces.sqrt()


def rarity(tokens: Int[Tensor, "sentence position"], n_words: int) -> Float[Tensor, " word"]:
    """Return the inverse document frequency of each word: 1 in no sentence, near 0 in all of them.

    Count it on training sentences: words that they lack are the rarest.
    """
    rows = torch.arange(len(tokens), device=tokens.device).unsqueeze(-1)
    of_sentences = (rows * n_words + tokens).unique() % n_words  # each word once a sentence
    count = of_sentences.bincount(minlength=n_words)
    return 1 - (count + 1).log() / torch.tensor(len(tokens) + 1.0).log()


def pieces(word: str) -> list[str]:
    """Return the runs of letters in a word, its two ends marked: "pay" has <pa, pay, ay>, ..."""
    marked = f"<{word}>"
    runs = [marked[i : i + n] for n in LENGTHS for i in range(len(marked) - n + 1)]
    return list(dict.fromkeys(runs))[:MOST_PIECES]


@cache
def _numbers_of_pieces(vocabulary: tuple[str, ...], buckets: int) -> Int[Tensor, "word piece"]:
    """Return the buckets of each word's pieces, from 1 on; 0 where there are no more."""
    numbers = torch.zeros(len(vocabulary), MOST_PIECES, dtype=torch.long)
    for row, word in zip(numbers, vocabulary, strict=True):
        own = [1 + zlib.crc32(piece.encode()) % buckets for piece in pieces(word)] if word else []
        row[: len(own)] = torch.tensor(own, dtype=torch.long)
    return numbers
