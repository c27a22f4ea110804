"""Attention over words that follows the task: read the support, score each word, sum, compare.

The learner of `attentive`, with words for cells: the state of an LSTM that has read the labelled
support scores the clue of each word, a softmax over the words of a sentence weighs their vectors,
and a class is the mean of its sentences. Where a word stands is not looked at. Class means: Snell,
Swersky & Zemel (2017). Chapter: book/attention/sentences.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.prototypes import class_means, squared_distances
from metaxai_lab.learners.support_reader import SupportReader
from metaxai_lab.learners.word_vectors import WordVectors

Focus = Literal["task", "blind", "uniform"]


class AttentiveText(nn.Module):
    """Learns across tasks which words to look at; a row is a sentence in word numbers.

    Args:
        words: the vectors of words.
        n_way: the most classes that a task has; labels are read as numbers from 0 on.
        dim: length of a clue and of the state.
        focus: "task" lets the state steer; "blind" sets it to zero; "uniform" weighs all words of
            a sentence alike, which is a prototype learner on mean word vectors.
    """

    def __init__(
        self, words: WordVectors, *, n_way: int = 5, dim: int = 64, focus: Focus = "task"
    ) -> None:
        super().__init__()
        self.words, self.focus = words, focus
        self.to_clue = nn.Linear(words.learned + 1, dim)
        self.reader = SupportReader(n_way, dim)
        self.query = nn.Linear(dim, dim)
        with torch.no_grad():  # begin by looking everywhere alike
            self.query.weight.mul_(0.1)
            self.query.bias.mul_(0.1)
        self.value = nn.Linear(words.learned, words.learned, bias=False)
        nn.init.eye_(self.value.weight)
        self.log_fixed = nn.Parameter(torch.zeros(()))  # how much the fixed columns count
        self.log_sharpness = nn.Parameter(torch.tensor(2.0))

    def adapt(self, support: Examples) -> "AttentiveTextModel":
        """Return the model of one task, or of a stacked batch of them; the support is read once.

        Raises:
            ValueError: if a label lies outside 0 to n_way - 1, a class has no row, or a number is
                no word of the vocabulary.
        """
        vectors, clue = self.look(support.x)
        state = self.read(support, clue)
        embedding = self.embed(vectors, self.weigh(support.x, clue, state))
        return AttentiveTextModel(self, state, class_means(embedding, support.y))

    def look(
        self, x: Float[Tensor, "*tasks row position"]
    ) -> tuple[
        Float[Tensor, "*tasks row position column"], Float[Tensor, "*tasks row position dim"]
    ]:
        """Return the vector of each word, and the clue by which it is scored; at the end, zeros.

        A clue is made of the learned part of the vector and the rarity of the word. The vector is
        handed on without its gradient: it learns to tell meanings apart, and the score learns
        which words to look at.
        """
        vectors = self.words(x)
        learned = vectors[..., : self.words.learned].detach()
        seen = torch.cat([learned, self.words.rarity_of(x).unsqueeze(-1)], -1)
        return vectors, self.to_clue(seen).relu() * (x > 0).unsqueeze(-1)

    def read(
        self, support: Examples, clue: Float[Tensor, "*tasks row position dim"]
    ) -> Float[Tensor, "*tasks dim"]:
        """Return what the LSTM made of the support; zeros where the focus is not the task."""
        if self.focus != "task":
            return clue.new_zeros(*clue.shape[:-3], clue.shape[-1])
        n_words = (support.x > 0).sum(-1).clamp_min(1)[..., None, None]
        return self.reader(clue * clue.shape[-2] / n_words, support.y)  # a mean over words

    def weigh(
        self,
        x: Float[Tensor, "*tasks row position"],
        clue: Float[Tensor, "*tasks row position dim"],
        state: Float[Tensor, "*tasks dim"],
    ) -> Float[Tensor, "*tasks row position"]:
        """Return how the weight of a sentence is shared among its words; with no words, zeros."""
        if self.focus == "uniform":
            return shared_among(x > 0, torch.zeros_like(x))
        scores = clue @ self.query(state)[..., None, :, None]
        return shared_among(x > 0, scores.squeeze(-1))

    def embed(
        self,
        vectors: Float[Tensor, "*tasks row position column"],
        weights: Float[Tensor, "*tasks row position"],
    ) -> Float[Tensor, "*tasks row column"]:
        """Return the weighted sum of the words of a sentence, at length 1; with no words, zeros."""
        mean = (weights.unsqueeze(-2) @ vectors).squeeze(-2)
        learned, fixed = mean.tensor_split([self.words.learned], -1)
        both = torch.cat([self.value(learned), self.log_fixed.exp() * fixed], -1)
        return F.normalize(both, dim=-1)


@dataclass(frozen=True, eq=False)
class AttentiveTextModel:
    """The learner after it read a support set: classifies sentences, and says where it looked.

    Args:
        state: what the LSTM made of the support set.
        prototypes: the mean embedding of each class.
    """

    learner: AttentiveText
    state: Float[Tensor, "*tasks dim"]
    prototypes: Float[Tensor, "*tasks class column"]

    def __call__(
        self, x: Float[Tensor, "*tasks row position"]
    ) -> Float[Tensor, "*tasks row class"]:
        """Return the log-odds of each class, up to a constant of the row."""
        vectors, clue = self.learner.look(x)
        weights = self.learner.weigh(x, clue, self.state)
        embedding = self.learner.embed(vectors, weights)
        distances = squared_distances(embedding, self.prototypes)
        return -self.learner.log_sharpness.exp() * distances

    def weights(
        self, x: Float[Tensor, "*tasks row position"]
    ) -> Float[Tensor, "*tasks row position"]:
        """Return the weight of each word; those of a sentence sum to 1, and behind its end are 0.

        A sentence without words has no weights: all are 0.
        """
        return self.learner.weigh(x, self.learner.look(x)[1], self.state)


def shared_among(
    word: Bool[Tensor, "*tasks row position"], scores: Float[Tensor, "*tasks row position"]
) -> Float[Tensor, "*tasks row position"]:
    """Return the softmax of the scores over the positions that hold a word; elsewhere 0."""
    scores = scores.masked_fill(~word, torch.finfo(scores.dtype).min)
    return scores.softmax(-1) * word
