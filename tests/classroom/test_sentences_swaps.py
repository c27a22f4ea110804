"""Swapped words: which word is swapped for which, and what is counted."""

import torch

from metaxai_lab.classroom import sentences_study as study
from metaxai_lab.classroom import sentences_swaps as swaps
from metaxai_lab.core import seeded
from metaxai_lab.tasks import planted_sentences
from metaxai_lab.tasks.planted_sentences import ACTIONS, FILLERS, THINGS

TABLE = planted_sentences("test")
GROUPS = swaps.word_groups(TABLE.vocabulary)
SWAPS = swaps.draw_swaps(TABLE, n_tasks=60, generator=seeded(0))


def test_words_of_one_meaning_share_a_number():
    number = dict(zip(TABLE.vocabulary, GROUPS.tolist(), strict=True))
    assert {number[word] for word in ACTIONS["cancel"].split()} == {1}
    assert {number[word] for word in THINGS["medicine"].split()} == {24}
    assert number["please"] == number[""] == 0


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
    outcome = swaps.after_swap(study.new_learner(TABLE, "uniform", seed=0), SWAPS, "action")
    assert outcome["weight moved"] == 0


def test_nothing_swapped_is_nothing_changed():
    same = swaps.Swaps(SWAPS.episode, SWAPS.usable, SWAPS.other, {"none": SWAPS.episode.query.x})
    outcome = swaps.after_swap(study.new_learner(TABLE, seed=0), same, "none")
    assert outcome["stays"] == 1
    assert outcome["weight moved"] == 0


def test_a_filler_is_swapped_for_another_of_its_slot():
    of_slot = {word: slot for slot, words in FILLERS.items() for word in words}
    old, new = changed("filler")
    slots = [[of_slot[TABLE.vocabulary[i]] for i in words] for words in (old, new)]
    assert slots[0] == slots[1]


def test_no_action_puts_a_filler_in_the_place_of_the_action():
    old, new = changed("no action")
    assert ((GROUPS[old] >= 1) & (GROUPS[old] <= 12)).all()
    assert {TABLE.vocabulary[i] for i in new} <= {w for words in FILLERS.values() for w in words}


def test_an_answer_that_was_the_other_class_before_does_not_become_it():
    same = swaps.Swaps(SWAPS.episode, SWAPS.usable, SWAPS.other, {"none": SWAPS.episode.query.x})
    learner = study.new_learner(TABLE, seed=0)
    answers = learner.adapt(SWAPS.episode.support)(SWAPS.episode.query.x).argmax(-1)
    assert (answers == SWAPS.other)[SWAPS.usable].any(), "an untrained learner errs so at times"
    assert swaps.after_swap(learner, same, "none")["becomes the other"] == 0
