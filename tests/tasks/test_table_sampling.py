"""Episodes of a table: rows of one task, none twice, each class in the support, fair chances."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.table_sampling import draw_table_episodes
from metaxai_lab.tasks.task_table import TaskTable


def marked(counts=(8, 12, 5), classes=2):
    """Every row says which it is: its task in column 0, its number in column 1."""
    task = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    number = torch.cat([torch.arange(n) for n in counts])
    return TaskTable(
        x=torch.stack([task, number], 1).float(),
        y=number % classes if classes else number.float() / 2,
        task=task,
        feature_names=("task", "number"),
        task_names=tuple("abcdef"[: len(counts)]),
        target_name="y",
        class_names=tuple(["no", "yes"])[:classes] if classes else (),
    )


def drawn(table=None, seed=0, **asked):
    size = {"tasks": (0, 1, 2), "k_support": 3, "n_query": 2, "n_tasks": 200} | asked
    return draw_table_episodes(table or marked(), **size, generator=seeded(seed))


def test_an_episode_is_of_one_task():
    episode = drawn()
    tasks = torch.cat([episode.support.x, episode.query.x], 1)[..., 0]
    assert tasks.eq(tasks[:, :1]).all()


def test_no_row_comes_twice_in_an_episode():
    episode = drawn()
    numbers = torch.cat([episode.support.x, episode.query.x], 1)[..., 1].sort(1).values
    assert numbers.diff(dim=1).gt(0).all()


def test_no_row_comes_twice_when_the_whole_task_is_used():
    episode = drawn(tasks=(2,), k_support=3, n_query=2)
    numbers = torch.cat([episode.support.x, episode.query.x], 1)[..., 1].sort(1).values
    assert numbers.equal(torch.arange(5.0).expand(200, 5))


def test_targets_belong_to_their_rows():
    episode = drawn()
    assert episode.query.y.equal(episode.query.x[..., 1].long() % 2)
    assert drawn(marked(classes=0)).query.y.dtype == torch.float32


def test_only_the_asked_tasks_are_drawn_with_equal_chance():
    tasks = drawn(tasks=(0, 2), n_tasks=4000).support.x[:, 0, 0].long()
    counts = tasks.bincount(minlength=3)
    assert counts[1] == 0
    assert abs(counts[0] - 2000) < 5 * 32  # 32 is one standard deviation


def test_each_class_is_in_the_support():
    episode = drawn(k_support=2, n_tasks=500)
    assert episode.support.y.sort(1).values.equal(torch.tensor([0, 1]).expand(500, 2))


def test_the_classes_of_the_support_may_be_left_to_chance():
    episode = drawn(k_support=2, n_tasks=500, each_class=0)
    assert episode.support.y.sum(1).unique().tolist() == [0, 1, 2]


@pytest.mark.parametrize("each_class", [0, 1])
@pytest.mark.parametrize("part", ["support", "query"])
def test_every_row_of_a_task_has_the_same_chance(each_class, part):
    episode = drawn(tasks=(0,), k_support=4, n_query=2, n_tasks=6000, each_class=each_class)
    numbers = getattr(episode, part).x[..., 1].long().flatten().bincount(minlength=8)
    expected = len(episode.support.y) * (4 if part == "support" else 2) / 8
    assert (numbers - expected).abs().max() < 5 * expected**0.5


def test_one_seed_draws_the_same_episodes_and_another_does_not():
    assert drawn(seed=1).query.x.equal(drawn(seed=1).query.x)
    assert not drawn(seed=1).query.x.equal(drawn(seed=2).query.x)


def test_the_columns_that_decide_in_a_task_are_the_truth_of_its_rows():
    decide = torch.tensor([[True, False], [False, True], [True, True]])
    episode = drawn(replace(marked(), responsible=decide))
    tasks = episode.query.x[..., 0].long()
    assert episode.truth.equal(decide[tasks])
    assert drawn().truth is None


def test_a_table_on_another_device_gives_episodes_there():
    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    there = drawn(marked().to("cuda"))
    assert there.query.x.cpu().equal(drawn().query.x)


BAD = {
    "too few rows": ({"n_query": 3}, r"k_support \+ n_query = 6 rows; task 'c' has 5"),
    "too few support rows": ({"k_support": 1}, "2 classes with each_class=1 need k_support of at"),
    "no such task": ({"tasks": (3,)}, r"from 0 to 2; found \[3\]"),
    "no query": ({"n_query": 0}, "n_query of at least 1; found 0"),
}


@pytest.mark.parametrize(("asked", "said"), BAD.values(), ids=BAD)
def test_what_the_table_cannot_serve_is_refused(asked, said):
    with pytest.raises(ValueError, match=said):
        drawn(**asked)


def test_a_task_without_a_class_is_named():
    table = marked()
    lone = replace(table, y=table.y.where(table.task != 2, 0))
    with pytest.raises(ValueError, match=r"task 'c' has 0 rows of class 'yes'.*each_class=0"):
        drawn(lone)
    assert drawn(lone, each_class=0).query.x.shape == (200, 2, 2)


def test_empty_cells_are_refused_with_the_way_to_fill_them():
    table = marked()
    table.x[0, 1] = torch.nan
    with pytest.raises(ValueError, match=r"has empty cells .*standardised"):
        drawn(table)
