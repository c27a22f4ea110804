"""Episodes hold what they say: the classes, the rows, their order, and nothing twice."""

import pytest
import torch
from torch import Tensor

from metaxai_lab.core import Episode, seeded
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.sampling import draw_episodes


def ragged_table(*counts: int) -> PictureTable:
    """Every picture says which it is: its class in pixel 0, its item in pixel 1."""
    pixels = torch.zeros(sum(counts), 4, dtype=torch.uint8)
    pixels[:, 0] = torch.cat([torch.full((n,), row) for row, n in enumerate(counts)])
    pixels[:, 1] = torch.cat([torch.arange(n) for n in counts])
    return PictureTable(pixels, torch.tensor(counts), tuple("abcdefghij"[: len(counts)]), side=2)


def marked_table(n_classes: int = 6, n_items: int = 5) -> PictureTable:
    return ragged_table(*[n_items] * n_classes)


def episodes(
    table: PictureTable | None = None,
    *,
    n_way: int = 3,
    k_shot: int = 2,
    n_query: int = 3,
    n_tasks: int = 50,
    seed: int = 0,
) -> Episode:
    return draw_episodes(
        table or marked_table(),
        n_way=n_way,
        k_shot=k_shot,
        n_query=n_query,
        n_tasks=n_tasks,
        generator=seeded(seed),
    )


def marks(x: Tensor) -> Tensor:
    return (x * 255).round().long()


def test_rows_stand_class_by_class() -> None:
    episode = episodes()
    assert episode.support.y.tolist() == [[0, 0, 1, 1, 2, 2]] * 50
    assert episode.query.y.tolist() == [[0, 0, 0, 1, 1, 1, 2, 2, 2]] * 50


def test_support_and_query_rows_of_a_label_come_from_one_class() -> None:
    episode = episodes()
    support = marks(episode.support.x)[..., 0].view(50, 3, 2)
    query = marks(episode.query.x)[..., 0].view(50, 3, 3)
    assert torch.cat([support, query], 2).eq(support[..., :1]).all()


def test_the_classes_of_a_task_differ() -> None:
    classes = marks(episodes().support.x)[:, ::2, 0].sort(1).values
    assert classes.diff(dim=1).gt(0).all()


def test_no_picture_comes_twice_in_a_task() -> None:
    episode = episodes()
    pictures = marks(torch.cat([episode.support.x, episode.query.x], 1))
    numbers = (5 * pictures[..., 0] + pictures[..., 1]).sort(1).values
    assert numbers.diff(dim=1).gt(0).all()


def test_every_class_has_the_same_chance_of_every_label() -> None:
    first = marks(episodes(n_tasks=6000, k_shot=1).support.x)[..., 0]
    counts = torch.stack([first.eq(c).sum(0) for c in range(6)])
    assert (counts - 1000).abs().max() < 5 * 29  # 29 is one standard deviation of a count


def test_every_picture_of_a_class_has_the_same_chance_of_being_shown() -> None:
    shown = marks(episodes(n_tasks=2000, k_shot=1).support.x)[..., 1].flatten()
    counts = shown.bincount(minlength=5)
    assert (counts - 1200).abs().max() < 5 * 31  # 31 is one standard deviation of a count


def test_brightness_goes_from_0_to_1() -> None:
    pixels = torch.tensor([0, 51, 102, 255], dtype=torch.uint8).expand(4, 4)
    table = PictureTable(pixels, torch.tensor([2, 2]), ("a", "b"), 2)
    episode = episodes(table, n_way=2, k_shot=1, n_query=1)
    assert episode.query.x[0, 0].tolist() == pytest.approx([0, 0.2, 0.4, 1])


def test_values_are_float32_and_labels_int64() -> None:
    episode = episodes()
    assert episode.query.x.dtype == torch.float32
    assert episode.query.y.dtype == torch.int64


def test_all_tasks_can_be_viewed_as_one_stack_of_pictures() -> None:
    episode = episodes()
    assert episode.support.x.view(-1, 1, 2, 2).shape == (300, 1, 2, 2)
    assert episode.query.y.view(-1).shape == (450,)


def test_one_seed_draws_the_same_episodes() -> None:
    assert episodes(seed=1).query.x.equal(episodes(seed=1).query.x)


def test_two_seeds_draw_different_episodes() -> None:
    assert not episodes(seed=1).query.x.equal(episodes(seed=2).query.x)


def test_classes_of_one_size_are_drawn_as_they_always_were() -> None:
    episode = episodes(k_shot=1, n_query=2, n_tasks=2)
    support, query = (
        (10 * marks(part.x)[..., 0] + marks(part.x)[..., 1]).tolist()
        for part in (episode.support, episode.query)
    )
    assert support == [[14, 54, 4], [14, 31, 0]]
    assert query == [[13, 12, 50, 53, 1, 3], [12, 13, 34, 30, 2, 1]]


def test_pictures_of_a_small_class_stay_within_it() -> None:
    counts = torch.tensor([5, 9, 5, 30])
    episode = episodes(ragged_table(5, 9, 5, 30), n_tasks=500)
    shown = marks(torch.cat([episode.support.x, episode.query.x], 1))
    assert (shown[..., 1] < counts[shown[..., 0]]).all()


def test_every_picture_of_a_small_class_is_shown_once_where_all_are_asked_for() -> None:
    episode = episodes(ragged_table(5, 30), n_way=2, n_tasks=500)
    shown = marks(torch.cat([episode.support.x, episode.query.x], 1))
    of_small = shown[shown[..., 0] == 0][:, 1].view(500, 5)
    assert of_small.sort(1).values.eq(torch.arange(5)).all()


def test_every_picture_of_a_class_has_its_chance_beside_larger_classes() -> None:
    episode = episodes(ragged_table(5, 30, 8), n_tasks=3000, k_shot=1, n_query=1)
    first = marks(episode.support.x)
    for row, n in enumerate((5, 30, 8)):
        counts = first[first[..., 0] == row][:, 1].bincount(minlength=n)
        assert (counts - 3000 / n).abs().max() < 5 * (3000 / n) ** 0.5


def test_drawing_leaves_the_global_state_as_it_was() -> None:
    before = torch.get_rng_state()
    episodes()
    assert torch.get_rng_state().equal(before)


def test_an_episode_lies_where_its_table_lies() -> None:
    episode = episodes(marked_table().to("meta"))
    assert episode.support.x.device.type == "meta"
    assert episode.query.y.device.type == "meta"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_one_seed_draws_the_same_episodes_on_cuda() -> None:
    there, here = episodes(marked_table().to("cuda")), episodes()
    assert there.query.x.device.type == "cuda"
    assert there.query.x.cpu().equal(here.query.x)
    assert there.support.y.cpu().equal(here.support.y)


def test_a_class_with_too_few_pictures_is_named() -> None:
    needed = r"k_shot \+ n_query = 5 pictures per class; class 'c' has 4. Lower k_shot or n_query"
    with pytest.raises(ValueError, match=needed):
        episodes(ragged_table(5, 7, 4, 6))


def test_of_many_classes_with_too_few_pictures_three_are_named() -> None:
    found = "class 'a' has 4, class 'b' has 3, class 'd' has 2, 2 more have too few"
    with pytest.raises(ValueError, match=found):
        episodes(ragged_table(4, 3, 9, 2, 1, 1))


def test_too_few_classes_are_counted() -> None:
    with pytest.raises(ValueError, match="7-way episodes need 7 classes; the table has 6"):
        episodes(n_way=7)


@pytest.mark.parametrize(
    ("size", "least"), [("k_shot", 1), ("n_query", 1), ("n_tasks", 1), ("n_way", 2)]
)
def test_a_size_too_small_is_named(size: str, least: int) -> None:
    with pytest.raises(ValueError, match=f"{size} of at least {least}; found {least - 1}"):
        episodes(**{size: least - 1})
