"""Accents: the kind of task moves the truth, splits share no letter, twins share their pictures."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks import accents, draw_accent_episodes, draw_twin_episodes
from metaxai_lab.tasks.accent_drawing import MARKS

SIZE = {"n_way": 5, "k_shot": 3, "n_query": 4}


@pytest.fixture(scope="module")
def table():
    return accents("test")


def drawn(table, kinds, seed=0, **size):
    return draw_accent_episodes(table, kinds=kinds, generator=seeded(seed), **(SIZE | size))


def identities(table, rows):
    """Look each picture up in the table: return its letter and its mark."""
    bytes_ = {p.numpy().tobytes(): i for i, p in enumerate(table.pixels.flatten(0, 2))}
    found = [bytes_[(255 * row).round().byte().numpy().tobytes()] for row in rows]
    place = torch.tensor(found) // table.pixels.shape[2]
    return place // len(table.marks), place % len(table.marks)


def test_each_letter_belongs_to_one_split():
    letters = [set(accents(split).bases) for split in ("train", "validation", "test")]
    assert sum(map(len, letters)) == len(set.union(*letters))
    assert min(map(len, letters)) >= 8


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="train, validation, test; found 'dev'"):
        accents("dev")


@pytest.mark.parametrize("kind", ["mark", "base"])
def test_a_class_shares_its_own_part_and_varies_the_other(table, kind):
    episode = drawn(table, [kind])
    rows = torch.cat([episode.support.x[0].view(5, 3, -1), episode.query.x[0].view(5, 4, -1)], 1)
    base, mark = (part.view(5, 7) for part in identities(table, rows.flatten(0, 1)))
    own, other = (mark, base) if kind == "mark" else (base, mark)
    assert (own == own[:, :1]).all()
    assert len(set(own[:, 0].tolist())) == 5
    assert all(len(set(row.tolist())) == 7 for row in other)


def test_the_truth_of_a_mark_task_is_the_mark_and_of_a_base_task_the_rest_of_the_ink(table):
    episode = drawn(table, ["mark", "base"])
    for i, own in enumerate(("mark", "base")):
        base, mark = identities(table, episode.query.x[i])
        ink = episode.query.x[i] >= 64 / 255
        for row in range(len(ink)):
            item = (255 * episode.query.x[i, row]).round().byte() == table.pixels[
                base[row], mark[row]
            ]
            of_mark = table.mark_pixels[base[row], mark[row]][item.all(-1)][0]
            wanted = of_mark if own == "mark" else ink[row] & ~of_mark
            assert torch.equal(episode.truth[i, row], wanted)


def test_twin_episodes_ask_the_same_pictures_and_point_elsewhere(table):
    by_mark, by_base = draw_twin_episodes(table, n_way=5, k_shot=3, n_tasks=6, generator=seeded(0))
    assert torch.equal(by_mark.query.x, by_base.query.x)
    assert torch.equal(by_mark.query.y, by_base.query.y)
    assert not (by_mark.truth & by_base.truth).any()
    assert by_mark.truth.any(-1).all()
    assert by_base.truth.any(-1).all()


def test_twin_episodes_never_show_the_asked_pair_in_the_support(table):
    episodes = draw_twin_episodes(table, n_way=5, k_shot=3, n_tasks=6, generator=seeded(0))
    for episode in episodes:
        asked = torch.stack(identities(table, episode.query.x.flatten(0, 1)), -1).view(6, 5, 1, 2)
        shown = torch.stack(identities(table, episode.support.x.flatten(0, 1)), -1).view(6, 5, 3, 2)
        assert not (asked == shown).all(-1).any()


def test_one_seed_gives_the_same_episodes(table):
    one, other = drawn(table, ["mark", "base"]), drawn(table, ["mark", "base"])
    assert torch.equal(one.query.x, other.query.x)
    assert not torch.equal(one.query.x, drawn(table, ["mark", "base"], seed=1).query.x)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ({"k_shot": 0}, "k_shot of at least 1; found 0"),
        ({"n_way": 1}, "n_way of at least 2; found 1"),
        ({"n_way": 18}, "need 18 different marks; the table has 17"),
        ({"k_shot": 10, "n_query": 8}, "need 18 different marks; the table has 17"),
    ],
)
def test_sizes_the_table_cannot_serve_are_refused(table, size, said):
    with pytest.raises(ValueError, match=said):
        drawn(table, ["mark"], **size)


def test_an_unknown_kind_is_refused(table, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="found letter"):
        drawn(table, ["mark", "letter"])


def test_a_table_on_another_device_keeps_its_names(table):
    assert table.to("cpu").marks == MARKS
