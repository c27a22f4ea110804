"""The study of attention over words."""

import torch

from metaxai_lab.classroom import sentences_study as study
from metaxai_lab.tasks import planted_sentences
from metaxai_lab.tasks.sentences import SentenceTable

TABLE = planted_sentences("test")


def test_even_weights_score_the_share_of_deciding_words():
    judged = study.judge(study.new_learner(TABLE, "uniform", seed=0), TABLE, n_tasks=5, seed=1)
    torch.testing.assert_close(judged.peak, judged.chance)
    torch.testing.assert_close(judged.mass, judged.chance)


def test_an_untrained_learner_is_not_far_from_chance():
    judged = study.judge(study.new_learner(TABLE, seed=0), TABLE, n_tasks=40, seed=1)
    assert 0.2 < judged.accuracy.mean() < 0.5


def test_training_is_the_same_twice():
    runs = [study.train(study.new_learner(TABLE, seed=0), TABLE, steps=2, seed=1) for _ in range(2)]
    assert torch.equal(runs[0].query.weight, runs[1].query.weight)


def five_classes(sentences):
    """Return a table of five classes of six sentences that are all the same."""
    return SentenceTable(
        tokens=torch.tensor(sentences).repeat_interleave(6, 0),
        counts=(6,) * 5,
        names=tuple("abcde"),
        domains=tuple("abcde"),
        vocabulary=("", *"pqrstu"),
    )


def test_equal_words_tell_classes_of_different_words():
    table = five_classes([[1, 0], [2, 0], [3, 0], [4, 0], [5, 0]])
    assert study.by_equal_words(table, n_tasks=3, seed=0) == 1


def test_classes_of_as_many_equal_words_share_the_answer():
    table = five_classes([[1, 0], [1, 0], [3, 0], [4, 0], [5, 0]])
    assert abs(study.by_equal_words(table, n_tasks=3, seed=0) - 0.8) < 1e-6


def test_the_end_of_a_sentence_is_no_equal_word():
    table = five_classes([[1, 6], [2, 6], [3, 6], [4, 6], [5, 0]])
    assert study.by_equal_words(table, n_tasks=3, seed=0) == 1
