"""The study of attention over words."""

import torch

from metaxai_lab.classroom import sentences_study as study
from metaxai_lab.core import seeded
from metaxai_lab.tasks import planted_sentences
from metaxai_lab.tasks.planted_sentences import ACTIONS, THINGS

TABLE = planted_sentences("test")
GROUPS = study.word_groups(TABLE.vocabulary)
SWAPS = study.draw_swaps(TABLE, n_tasks=60, generator=seeded(0))


def test_words_of_one_meaning_share_a_number():
    number = dict(zip(TABLE.vocabulary, GROUPS.tolist(), strict=True))
    assert {number[word] for word in ACTIONS["cancel"].split()} == {1}
    assert {number[word] for word in THINGS["medicine"].split()} == {24}
    assert number["please"] == number[""] == 0


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


def changed(kind):
    """Return the old and new word numbers where a swap of a usable sentence changed a word."""
    before, after = SWAPS.episode.query.x[SWAPS.usable], SWAPS.swapped[kind][SWAPS.usable]
    differ = before != after
    assert (differ.sum(-1) == 1).all(), "one word of each sentence is swapped"
    return before[differ].long(), after[differ].long()


def test_a_synonym_is_another_word_of_the_same_action():
    old, new = changed("synonym")
    assert (GROUPS[old] == GROUPS[new]).all()
    assert (GROUPS[new] >= 1).all()
    assert (GROUPS[new] <= 12).all()


def test_a_filler_is_swapped_for_a_word_that_decides_nothing():
    old, new = changed("filler")
    assert not GROUPS[old].any()
    assert not GROUPS[new].any()
    assert (new > 0).all()


def test_the_other_action_makes_the_sentence_one_of_the_other_class():
    _, new = changed("action")
    support = GROUPS[SWAPS.episode.support.x.long()]
    of_class = support.where(support <= 12, 0).amax(-1)
    wanted = of_class.gather(-1, SWAPS.other)[SWAPS.usable]
    assert torch.equal(GROUPS[new], wanted)


def test_the_other_class_has_the_thing_of_the_sentence():
    things = GROUPS[SWAPS.episode.support.x.long()].amax(-1).gather(-1, SWAPS.other)
    own = GROUPS[SWAPS.episode.query.x.long()].amax(-1)
    assert torch.equal(things[SWAPS.usable], own[SWAPS.usable])


def test_even_weights_do_not_move():
    outcome = study.after_swap(study.new_learner(TABLE, "uniform", seed=0), SWAPS, "action")
    assert outcome["weight moved"] == 0


def test_nothing_swapped_is_nothing_changed():
    same = study.Swaps(SWAPS.episode, SWAPS.usable, SWAPS.other, {"none": SWAPS.episode.query.x})
    outcome = study.after_swap(study.new_learner(TABLE, seed=0), same, "none")
    assert outcome["stays"] == 1
    assert outcome["weight moved"] == 0
