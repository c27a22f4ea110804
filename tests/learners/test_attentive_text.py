"""The attentive learner over words."""

import pytest
import torch

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners import classification_loss, meta_train
from metaxai_lab.learners.attentive_text import AttentiveText, shared_among
from metaxai_lab.learners.word_vectors import WordVectors, rarity
from metaxai_lab.tasks import draw_sentence_episodes, planted_sentences

TABLE = planted_sentences("test")


def learner(focus="task"):
    with initialised_with(seeded(0)):
        words = WordVectors(TABLE.vocabulary, rarity(TABLE.tokens, len(TABLE.vocabulary)))
        return AttentiveText(words, focus=focus)


def drawn(n_tasks=3):
    return draw_sentence_episodes(
        TABLE, n_way=5, k_shot=2, n_query=3, n_tasks=n_tasks, generator=seeded(1)
    )


def one(examples, task):
    return Examples(examples.x[task], examples.y[task])


@pytest.mark.parametrize("focus", ["task", "blind", "uniform"])
def test_stacked_tasks_are_answered_as_one_by_one(focus):
    episode, mine = drawn(), learner(focus)
    together = mine.adapt(episode.support)(episode.query.x)
    for task in range(3):
        alone = mine.adapt(one(episode.support, task))(episode.query.x[task])
        torch.testing.assert_close(together[task], alone, rtol=1e-4, atol=1e-5)


def test_weights_are_shared_among_the_words_alone():
    episode = drawn()
    weights = learner().adapt(episode.support).weights(episode.query.x)
    assert not weights[episode.query.x == 0].any()
    torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]))


def test_the_softmax_over_words_is_known_by_hand():
    word = torch.tensor([[True, True, False]])
    weights = shared_among(word, torch.tensor([[1.0, 3.0, 100.0]]).log())
    torch.testing.assert_close(weights, torch.tensor([[0.25, 0.75, 0.0]]))


@pytest.mark.parametrize("focus", ["task", "blind", "uniform"])
def test_places_behind_the_end_change_no_answer(focus):
    episode, mine = drawn(), learner(focus)
    x, support = episode.query.x, episode.support
    wider = Examples(torch.nn.functional.pad(support.x, (0, 4)), support.y)
    answers = mine.adapt(wider)(torch.nn.functional.pad(x, (0, 7)))
    torch.testing.assert_close(answers, mine.adapt(support)(x), rtol=1e-4, atol=1e-5)


def test_even_weights_are_even():
    episode = drawn()
    weights = learner("uniform").adapt(episode.support).weights(episode.query.x)
    row = weights[0, 0][episode.query.x[0, 0] > 0]
    torch.testing.assert_close(row, torch.full_like(row, 1 / len(row)))


def test_an_empty_sentence_has_no_weights_and_a_finite_answer():
    episode = drawn()
    model, empty = learner().adapt(episode.support), torch.zeros(3, 1, 9)
    assert not model.weights(empty).any()
    assert model(empty).isfinite().all()


def test_an_empty_sentence_in_the_support_leaves_a_finite_gradient():
    episode, mine = drawn(), learner()
    x = episode.support.x.clone()
    x[:, 0] = 0
    mine.adapt(Examples(x, episode.support.y))(episode.query.x).sum().backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in mine.parameters())


def test_a_single_word_has_all_the_weight():
    model = learner().adapt(one(drawn().support, 0))
    torch.testing.assert_close(model.weights(torch.tensor([[7.0]])), torch.ones(1, 1))


def test_the_order_of_the_words_does_not_matter():
    episode = drawn()
    model, x = learner().adapt(episode.support), episode.query.x
    torch.testing.assert_close(model(x.flip(-1)), model(x))


def test_a_state_at_zero_weighs_a_sentence_alike_in_all_tasks():
    episode, mine = drawn(), learner("blind")
    same = episode.query.x[:1].expand(3, -1, -1)
    weights = mine.adapt(episode.support).weights(same)
    torch.testing.assert_close(weights[0], weights[2])


def test_the_state_of_the_task_moves_the_weights():
    episode, mine = drawn(), learner()
    same = episode.query.x[:1].expand(3, -1, -1)
    weights = mine.adapt(episode.support).weights(same)
    assert (weights[0] - weights[2]).abs().max() > 1e-6


def test_the_score_sends_no_gradient_into_the_vectors():
    mine = learner()
    mine.look(drawn().query.x)[1].sum().backward()
    assert mine.words.piece.grad is None
    assert mine.to_clue.weight.grad.any()


def test_training_learns_to_tell_new_pairs_of_words_apart():
    train, mine = planted_sentences("train"), learner()
    size = {"n_way": 5, "k_shot": 1, "n_query": 5}
    meta_train(
        mine,
        lambda g: draw_sentence_episodes(train, **size, n_tasks=8, generator=g),
        classification_loss,
        steps=60,
        outer_lr=5e-3,
        generator=seeded(2),
        progress=False,
    )
    new = draw_sentence_episodes(TABLE, **size, n_tasks=20, generator=seeded(3))
    with torch.no_grad():
        right = mine.adapt(new.support)(new.query.x).argmax(-1) == new.query.y
    assert right.float().mean() > 0.7
