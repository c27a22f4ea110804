"""Episodes of sentences: rows of word numbers, class by class, none twice, ragged classes fair."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.sentences import (
    SentenceTable,
    draw_sentence_episodes,
    numbered,
    unknown_words,
)


def marked(counts=(5, 7, 6)):
    """Every sentence says which it is: its class at position 0, its number at position 1."""
    own = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    number = torch.cat([torch.arange(n) for n in counts])
    names = tuple("abcdef"[: len(counts)])
    return SentenceTable(torch.stack([own, number], 1), counts, names, names, ("",))


def drawn(table=None, seed=0, **asked):
    size = {"n_way": 2, "k_shot": 2, "n_query": 3, "n_tasks": 300} | asked
    return draw_sentence_episodes(table or marked(), **size, generator=seeded(seed))


def test_rows_stand_class_by_class():
    episode = drawn()
    assert episode.support.y.tolist() == [[0, 0, 1, 1]] * 300
    classes = torch.cat(
        [episode.support.x.view(300, 2, 2, 2), episode.query.x.view(300, 2, 3, 2)], 2
    )
    assert classes[..., 0].eq(classes[:, :, :1, 0]).all()
    assert classes[:, 0, 0, 0].ne(classes[:, 1, 0, 0]).all()


def test_no_sentence_comes_twice_in_a_task():
    episode = drawn()
    rows = torch.cat([episode.support.x, episode.query.x], 1)
    assert (10 * rows[..., 0] + rows[..., 1]).sort(1).values.diff(dim=1).gt(0).all()


def test_every_sentence_of_a_class_has_the_same_chance():
    support = drawn(n_tasks=6000, n_way=3).support.x
    for own, n in enumerate((5, 7, 6)):
        counts = support[..., 1][support[..., 0] == own].long().bincount(minlength=n)
        assert len(counts) == n
        assert (counts - 12000 / n).abs().max() < 5 * (12000 / n) ** 0.5


def test_a_row_is_of_float32_and_one_seed_draws_it_again():
    assert drawn().query.x.dtype == torch.float32
    assert drawn(seed=1).query.x.equal(drawn(seed=1).query.x)
    assert not drawn(seed=1).query.x.equal(drawn(seed=2).query.x)


def test_the_rationale_of_a_query_is_its_truth():
    table = marked()
    known = replace(table, rationale=table.tokens % 2 == 1)
    episode = drawn(known)
    assert episode.truth.equal(episode.query.x % 2 == 1)
    assert drawn().truth is None


def test_an_episode_lies_where_its_table_lies():
    table = replace(marked(), rationale=marked().tokens > 1)
    episode = drawn(table.to("meta"))
    assert episode.support.x.device.type == episode.truth.device.type == "meta"


def test_words_are_lowered_and_cut_and_rows_are_filled_with_0():
    tokens, vocabulary = numbered(["What's my PIN?", "my card"])
    assert vocabulary == ("", "card", "my", "pin", "what's")
    assert tokens.tolist() == [[4, 2, 3], [2, 1, 0]]


def test_words_that_the_given_vocabulary_lacks_are_left_out():
    tokens, _ = numbered(["my new card"], ("", "card", "my"))
    assert tokens.tolist() == [[2, 1]]


def test_a_row_reads_back_as_words():
    tokens, vocabulary = numbered(["stop the music now", "stop"])
    table = SentenceTable(tokens, (2,), ("stop",), ("home",), vocabulary)
    assert table.words(tokens[1]) == ["stop"]
    assert table.words(tokens[0].float()) == ["stop", "the", "music", "now"]


BAD = {
    "too many ways": ({"n_way": 4}, "need 4 classes; the table has 3"),
    "too few sentences": ({"n_query": 4}, "= 6 sentences per class; class 'a' has 5"),
    "no shots": ({"k_shot": 0}, "k_shot of at least 1; found 0"),
}


@pytest.mark.parametrize(("asked", "said"), BAD.values(), ids=BAD)
def test_what_the_table_cannot_serve_is_refused(asked, said):
    with pytest.raises(ValueError, match=said):
        drawn(**asked)


def test_names_and_counts_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"3 classes of 18 sentences .* found 2, 3 and 18"):
        replace(marked(), names=("a", "b"))


def test_words_that_a_vocabulary_lacks_are_named():
    said = unknown_words("Cancel my Zeppelin, my zeppelin!", ("", "cancel", "my"))
    assert said == ["zeppelin", "zeppelin"]


def test_sentences_without_words_are_rows_of_the_end():
    tokens, _ = numbered(["", "?!", "pay now"], ("", "now", "pay"))
    assert tokens.tolist() == [[0, 0], [0, 0], [2, 1]]


def test_empty_sentences_alone_have_no_positions():
    tokens, _ = numbered(["", ""], ("", "pay"))
    assert tokens.shape == (2, 0)
