"""Tasks of any size are drawn by the formulas of the paper, each judged by values found by hand."""

import math

import pytest
import torch
from torch import Tensor

from metaxai_lab.core import Episode, seeded
from metaxai_lab.tasks.any_way import (
    class_shots,
    draw_any_way,
    draw_log_weights,
    draw_way,
    query_per_class,
    support_shares,
    support_size,
)
from metaxai_lab.tasks.picture_table import PictureTable


def table(*counts: int, mark: int = 0) -> PictureTable:
    """Every picture says which it is: its class in pixel 0, its item in pixels 1 and 2."""
    pixels = torch.zeros(sum(counts), 4, dtype=torch.uint8)
    items = torch.cat([torch.arange(n) for n in counts])
    pixels[:, 0] = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    pixels[:, 1], pixels[:, 2], pixels[:, 3] = items // 200, items % 200, mark
    return PictureTable(pixels, torch.tensor(counts), tuple(map(str, range(len(counts)))), side=2)


def episodes(*tables: PictureTable, n: int, weights: list[float] | None = None) -> list[Episode]:
    generator = seeded(0)
    return [draw_any_way(tables, generator=generator, weights=weights) for _ in range(n)]


def numbers(x: Tensor) -> Tensor:
    """Return (class, item) of each row."""
    marks = (255 * x).round().long()
    return torch.stack([marks[:, 0], 200 * marks[:, 1] + marks[:, 2]], 1)


MIXED = (4, 9, 12, 20, 35, 60, 90, 200, 500)


def test_ten_query_rows_are_asked_where_the_smallest_class_has_thirty() -> None:
    assert query_per_class(torch.tensor([30, 300])) == 10


def test_half_of_a_smaller_class_is_asked_rounded_down() -> None:
    assert query_per_class(torch.tensor([7, 300])) == 3


def test_a_large_class_counts_a_hundred_towards_the_support() -> None:
    # q = 10: 0.5 * min(100, 30) = 15, 0.5 * min(100, 290) = 50
    assert support_size(torch.tensor([40, 300]), 10, 0.5) == 65


def test_each_share_of_the_support_is_rounded_up() -> None:
    # 0.1 * 11 = 1.1 and 0.1 * 25 = 2.5, rounded up 2 and 3
    assert support_size(torch.tensor([21, 35]), 10, 0.1) == 5


def test_the_support_has_five_hundred_rows_at_most() -> None:
    assert support_size(torch.tensor([200] * 6), 10, 1.0) == 500


def test_shares_grow_with_the_class_and_its_weight() -> None:
    # masses 2 * 10, 1 * 20, 0.5 * 80: 20, 20, 40
    weights = torch.tensor([2, 1, 0.5]).log()
    shares = support_shares(torch.tensor([10, 20, 80]), weights)
    assert shares.tolist() == pytest.approx([0.25, 0.25, 0.5])


def test_every_class_has_one_shot_and_a_share_of_the_rest() -> None:
    # 24 - 3 = 21 rows to share: 5.25, 5.25, 10.5, rounded down, and one each
    weights = torch.tensor([2, 1, 0.5]).log()
    assert class_shots(torch.tensor([10, 20, 80]), 2, 24, weights).tolist() == [6, 6, 11]


def test_a_share_is_rounded_down() -> None:
    # 10 - 3 = 7 rows to share: 7/3 each, rounded down 2
    assert class_shots(torch.tensor([50] * 3), 5, 10, torch.zeros(3)).tolist() == [3, 3, 3]


def test_a_class_gives_no_more_than_its_query_leaves() -> None:
    # shares 12/112 and 100/112 of 98: 10.5 and 87.5; the small class has 12 - 6 = 6 left
    assert class_shots(torch.tensor([12, 100]), 6, 100, torch.zeros(2)).tolist() == [6, 88]


def test_weights_lie_uniformly_between_a_half_and_two_on_the_log_scale() -> None:
    weights = draw_log_weights(40_000, seeded(0)) / math.log(2)
    assert -1 <= float(weights.min()) < float(weights.max()) < 1
    assert weights.histc(8, -1, 1).sub(5000).abs().max() < 5 * 66  # one standard deviation


def test_ways_are_uniform_from_five_to_fifty() -> None:
    generator = seeded(0)
    ways = torch.tensor([draw_way(60, generator) for _ in range(9200)])
    counts = ways.bincount(minlength=51)
    assert counts[:5].sum() == 0
    assert len(counts) == 51
    assert (counts[5:] - 200).abs().max() < 5 * 14  # 14 is one standard deviation of a count


def test_a_table_of_seven_classes_gives_five_to_seven_ways() -> None:
    ways = torch.tensor([len(e.support.y.unique()) for e in episodes(table(*[9] * 7), n=900)])
    counts = ways.bincount()
    assert counts.nonzero().flatten().tolist() == [5, 6, 7]
    assert (counts[5:] - 300).abs().max() < 5 * 14


def test_labels_are_contiguous_and_the_same_in_support_and_query() -> None:
    for episode in episodes(table(*MIXED), n=100):
        labels = torch.arange(int(episode.support.y.max()) + 1)
        assert episode.support.y.unique_consecutive().equal(labels)
        assert episode.query.y.unique_consecutive().equal(labels)


def test_rows_of_a_label_come_from_one_class_and_no_two_labels_share_it() -> None:
    for episode in episodes(table(*MIXED), n=100):
        support, query = numbers(episode.support.x), numbers(episode.query.x)
        pairs = torch.cat([episode.support.y, episode.query.y]), torch.cat([support, query])[:, 0]
        assert len(torch.stack(pairs, 1).unique(dim=0)) == len(episode.support.y.unique())


def test_no_picture_comes_twice() -> None:
    for episode in episodes(table(*MIXED), n=100):
        shown = torch.cat([numbers(episode.support.x), numbers(episode.query.x)])
        assert len(shown.unique(dim=0)) == len(shown)


def test_no_picture_comes_from_another_class() -> None:
    sizes = torch.tensor(MIXED)
    for episode in episodes(table(*MIXED), n=100):
        shown = torch.cat([numbers(episode.support.x), numbers(episode.query.x)])
        assert (shown[:, 1] < sizes[shown[:, 0]]).all()


def test_query_rows_are_balanced_and_as_many_as_the_formula_says() -> None:
    sizes = torch.tensor(MIXED)
    for episode in episodes(table(*MIXED), n=100):
        chosen = sizes[numbers(episode.query.x)[:, 0].unique()]
        assert episode.query.y.bincount().eq(query_per_class(chosen)).all()


def test_shots_differ_by_the_weights_where_classes_are_equal() -> None:
    # log(k_a / k_b) is the difference of two weights: variance 2 (log 4)^2 / 12 = 0.3203
    drawn = [e.support.y.bincount().double() for e in episodes(table(*[2000] * 5), n=1500)]
    rich = torch.stack([k for k in drawn if k.sum() > 400])  # rounding down hardly matters
    ratio = (rich[:, 0] / rich[:, 1]).log()
    assert float(ratio.var()) == pytest.approx(0.3203, abs=0.06)  # about 4 standard errors
    assert float(ratio.abs().max()) < math.log(4) + 0.1


def test_a_class_four_times_as_large_has_four_times_the_shots() -> None:
    drawn = episodes(table(*[300] * 3, *[1200] * 3), n=800)
    shots = torch.zeros(6)
    for episode in drawn:
        shots += numbers(episode.support.x)[:, 0].bincount(minlength=6)
    assert float(shots[3:].sum() / shots[:3].sum()) == pytest.approx(4, rel=0.08)


def test_support_sizes_spread_as_beta_does() -> None:
    # 5 classes of 110: |S| = 5 ceil(100 beta), so k_c + ... <= 500 and half of them are below 250
    drawn = torch.tensor([len(e.support.y) for e in episodes(table(*[110] * 5), n=2000)])
    assert int(drawn.max()) <= 500
    assert float((drawn <= 250).double().mean()) == pytest.approx(0.5, abs=5 * 0.012)


def test_every_picture_of_a_class_has_the_same_chance_of_being_asked() -> None:
    drawn = [numbers(e.query.x) for e in episodes(table(*[8] * 5), n=1000)]
    counts = torch.cat(drawn)[:, 1].bincount(minlength=8)
    assert (counts - 2500).abs().max() < 5 * 36  # 36 is one standard deviation of a count


def test_domains_are_drawn_equally_often() -> None:
    tables = [table(*[6] * 5, mark=mark) for mark in range(3)]
    domains = [int(255 * e.query.x[0, 3] + 0.5) for e in episodes(*tables, n=1500)]
    assert (torch.tensor(domains).bincount() - 500).abs().max() < 5 * 19


def test_domains_are_drawn_by_their_weights() -> None:
    tables = [table(*[6] * 5, mark=mark) for mark in range(3)]
    drawn = episodes(*tables, n=1000, weights=[3.0, 0.0, 1.0])
    counts = torch.tensor([int(255 * e.query.x[0, 3] + 0.5) for e in drawn]).bincount()
    assert counts[1] == 0
    assert abs(int(counts[0]) - 750) < 5 * 14


def test_one_seed_draws_the_same_episode_wherever_the_table_lies() -> None:
    here = draw_any_way([table(*MIXED)], generator=seeded(3))
    there = draw_any_way([table(*MIXED).to("meta")], generator=seeded(3))
    assert there.support.x.device.type == there.support.y.device.type == "meta"
    assert there.support.x.shape == here.support.x.shape
    assert draw_any_way([table(*MIXED)], generator=seeded(3)).query.x.equal(here.query.x)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_one_seed_draws_the_same_episode_on_cuda() -> None:
    here = draw_any_way([table(*MIXED)], generator=seeded(3))
    there = draw_any_way([table(*MIXED).to("cuda")], generator=seeded(3))
    assert there.support.x.cpu().equal(here.support.x)
    assert there.query.y.cpu().equal(here.query.y)


def test_drawing_leaves_the_global_state_as_it_was() -> None:
    before = torch.get_rng_state()
    episodes(table(*MIXED), n=1)
    assert torch.get_rng_state().equal(before)


def test_a_table_of_four_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="need 5 classes or more in every table; table 1 has 4"):
        episodes(table(*MIXED), table(*[9] * 4), n=1)


def test_a_class_of_one_picture_is_named() -> None:
    with pytest.raises(ValueError, match=r"2 pictures per class .* class '2' of table 0 has 1"):
        episodes(table(9, 9, 1, 9, 9), n=1)


def test_no_table_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one table; found none"):
        episodes(n=1)


@pytest.mark.parametrize("weights", [[1.0], [2.0, -1.0], [0.0, 0.0]])
def test_weights_that_are_no_chances_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="how likely each of the 2 tables is"):
        episodes(table(*MIXED), table(*MIXED), n=1, weights=weights)
