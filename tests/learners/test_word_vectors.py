"""Vectors for words, met or not."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.word_vectors import WordVectors, pieces, rarity

VOCABULARY = ("", "pay", "payment", "zebra")


@pytest.fixture
def words():
    with initialised_with(seeded(0)):
        return WordVectors(VOCABULARY, torch.tensor([1.0, 0.2, 0.4, 1.0]), learned=8, fixed=5)


def test_the_end_of_a_sentence_is_zeros(words):
    assert not words(torch.zeros(1, 2)).any()


def test_a_word_has_one_vector_wherever_it_stands(words):
    vectors = words(torch.tensor([[1.0, 3.0], [3.0, 0.0]]))
    assert vectors.shape == (2, 2, 13)
    torch.testing.assert_close(vectors[0, 1], vectors[1, 0])


def test_stacked_tasks_keep_their_shape(words):
    x = torch.tensor([[[1.0, 0.0]], [[2.0, 3.0]]])
    torch.testing.assert_close(words(x)[1, 0], words(x[1])[0])


def test_the_pieces_of_a_short_word_are_known_by_hand():
    assert pieces("pay") == ["<pa", "pay", "ay>", "<pay", "pay>", "<pay>"]


def test_a_word_with_shared_pieces_learns_with_its_relative(words):
    words(torch.tensor([[1.0]]))[..., :8].sum().backward()
    with torch.no_grad():
        words.piece -= words.piece.grad
        before = words(torch.tensor([[2.0], [3.0]]))
        words.piece += words.piece.grad
        after = words(torch.tensor([[2.0], [3.0]]))
    moved = (after - before).abs().sum(-1).flatten()
    assert moved[0] > 0
    assert moved[1] == 0


def test_fixed_columns_are_no_parameters(words):
    assert [name for name, _ in words.named_parameters()] == ["piece"]


def test_fixed_columns_tell_all_words_apart(words):
    fixed = words(torch.tensor([[1.0, 2.0, 3.0]]))[0, :, 8:]
    assert torch.pdist(fixed).min() > 0.1


def test_rarity_counts_sentences_and_not_words():
    tokens = torch.tensor([[1, 1, 2], [1, 0, 0], [1, 2, 0]])
    found = rarity(tokens, 4)[1:]
    wanted = 1 - torch.tensor([4.0, 3.0, 1.0]).log() / torch.tensor(4.0).log()
    torch.testing.assert_close(found, wanted)


def test_rarity_stands_at_the_place_of_the_word(words):
    found = words.rarity_of(torch.tensor([[2.0, 1.0]]))
    torch.testing.assert_close(found, torch.tensor([[0.4, 0.2]]))


@pytest.mark.parametrize("number", [4.0, -1.0, 1.5])
def test_a_number_that_is_no_word_is_refused(words, number):
    with pytest.raises(ValueError, match="word numbers from 0 to 3"):
        words(torch.tensor([[number]]))


def test_each_word_needs_a_rarity():
    with pytest.raises(ValueError, match="found 4 words and 3 numbers"):
        WordVectors(VOCABULARY, torch.ones(3))
