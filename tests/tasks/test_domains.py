"""Domains draw any-way any-shot tasks, with the masks of the very pictures that are asked."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.any_way import draw_any_way
from metaxai_lab.tasks.domains import SIDE, Domain, draw_from, fewer
from metaxai_lab.tasks.picture_table import PictureTable


def table(n_classes: int, n_items: int, *, mark: int = 0, mask: bool = False) -> PictureTable:
    """Each picture has its own pattern; its mask is where the pattern has ink."""
    x = torch.zeros(n_classes * n_items, SIDE**2, dtype=torch.uint8)
    bits = torch.arange(len(x))[:, None] >> torch.arange(12) & 1
    x[:, 400:412] = (200 * bits).byte()
    x[:, 420], x[:, 421] = 200, 200 * mark
    if mask:
        x = (255 * (x > 0)).byte()
    return PictureTable(
        x, torch.full((n_classes,), n_items), tuple(map(str, range(n_classes))), SIDE
    )


def test_the_truth_belongs_to_the_pictures_that_are_asked():
    domain = Domain("patterns", table(12, 9), table(12, 9, mask=True))
    for seed in range(20):
        task = draw_from([domain], generator=seeded(seed))
        assert task.truth.equal(task.query.x > 0)


def test_a_task_is_the_one_that_any_way_draws():
    g, again = seeded(3), seeded(3)
    task = draw_from([Domain("patterns", table(12, 9))], generator=g)
    torch.randint(1, (), generator=again)  # the domain
    wanted = draw_any_way([table(12, 9)], generator=again)
    assert task.support.x.equal(wanted.support.x)
    assert task.query.y.equal(wanted.query.y)


def test_domains_are_drawn_equally_often():
    domains = [Domain(str(mark), table(5, 2, mark=mark)) for mark in (0, 1)]
    g = seeded(0)
    seen = [float(draw_from(domains, generator=g).query.x[0, 421]) > 0 for _ in range(1000)]
    assert abs(sum(seen) - 500) < 5 * 16  # 16 is one standard deviation


def test_ways_and_shots_are_those_of_the_published_procedure():
    # 60 classes of 20: 5 to 50 ways, mean 27.5; 10 rows asked; ceil(10 beta) shots on average
    domain, g = Domain("patterns", table(60, 20)), seeded(0)
    tasks = [draw_from([domain], generator=g) for _ in range(600)]
    ways = torch.tensor([len(task.support.y.unique()) for task in tasks]).float()
    assert (int(ways.min()), int(ways.max())) == (5, 50)
    assert float(ways.mean()) == pytest.approx(27.5, abs=5 * 13.3 / 600**0.5)
    shots = [task.support.y.bincount() for task in tasks]
    assert all(task.query.y.bincount().eq(10).all() for task in tasks)
    assert min(int(k.min()) for k in shots) == 1
    assert max(int(k.max()) for k in shots) == 10
    unequal = torch.tensor([float(k.min() < k.max()) for k in shots])
    assert float(unequal.mean()) > 0.8  # equal where beta is next to 0 alone, and at the limit


def test_blank_is_the_brightness_along_the_edges_and_is_taken_off():
    dark = table(6, 4)
    bright = PictureTable(dark.pixels + 50, dark.counts, dark.names, SIDE)
    domain = Domain("bright", bright)
    assert domain.blank == pytest.approx(50 / 255)
    task = draw_from([domain], generator=seeded(0))
    assert float(task.query.x[:, :400].abs().max()) < 1e-6


def test_halves_share_no_class_and_lose_none():
    first, second = Domain("patterns", table(13, 3)).halves(seed=1)
    names = {*first.pictures.names}, {*second.pictures.names}
    assert not names[0] & names[1]
    assert len(names[0] | names[1]) == 13


def test_a_class_stays_with_its_turns():
    whole = Domain("turned", table(6, 3).rotated())
    for half in whole.halves(seed=0):
        kinds = {name.split(" turned ")[0] for name in half.pictures.names}
        assert len(half.pictures.names) == 4 * len(kinds)


def test_classes_take_their_masks_along():
    domain = Domain("patterns", table(12, 9), table(12, 9, mask=True))
    some = domain.classes(torch.tensor([7, 2, 4, 9, 0]))
    assert (some.masks.pixels > 0).equal(some.pictures.pixels > 0)


def test_the_first_pictures_of_each_class_are_kept():
    counts = torch.tensor([2, 4, 3])
    pixels = torch.zeros(9, SIDE**2, dtype=torch.uint8)
    assert fewer(PictureTable(pixels, counts, ("a", "b", "c"), SIDE), 2).tolist() == [
        0,
        1,
        2,
        3,
        6,
        7,
    ]


def test_a_domain_of_one_class_is_refused():
    with pytest.raises(ValueError, match="5 classes or more apart; the domain 'lonely' has 1"):
        Domain("lonely", table(1, 9))


def test_halves_of_too_few_classes_are_refused():
    with pytest.raises(ValueError, match="the domain 'patterns' has 4"):
        Domain("patterns", table(9, 3)).halves(seed=0)


def test_masks_of_other_pictures_are_refused():
    with pytest.raises(ValueError, match="has 24 pictures and 18 masks"):
        Domain("patterns", table(6, 4), table(6, 3, mask=True))


def test_no_domain_at_all_is_refused():
    with pytest.raises(ValueError, match="one domain or more; found none"):
        draw_from([], generator=seeded(0))
