"""Planted families: what the knobs promise of tasks is what drawn tasks show."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.planted import PlantedFamily

MANY = 4000


@pytest.fixture
def _as_in_a_chapter(monkeypatch):
    """Types are not checked there, so that our own errors must speak."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


def tasks(n_tasks=MANY, seed=0, **knobs):
    return PlantedFamily(**knobs).tasks(n_tasks, generator=seeded(seed))


def columns(some):
    """Return the relevant columns of each task."""
    return some.relevant.nonzero()[:, 1].view(len(some.relevant), -1)


def test_fixed_tasks_share_their_relevant_columns():
    assert columns(tasks(n_relevant=3)).unique(dim=0).tolist() == [[0, 3, 6]]


def test_a_pool_gives_each_task_its_own_columns_and_each_column_its_chance():
    some = tasks(shared="pool", n_pool=5, n_relevant=2)
    used = some.relevant.sum(0)
    assert used.nonzero()[:, 0].tolist() == [0, 2, 4, 6, 8]
    assert (used[::2] - 1600).abs().max() < 5 * 31  # 31 is one standard deviation of a count
    assert len(columns(some).unique(dim=0)) == 10


def test_a_pool_is_the_whole_table_where_nothing_else_is_said():
    assert tasks(shared="pool").relevant.any(0).all()


def test_a_block_task_stays_in_one_block():
    some = tasks(n_features=32, n_relevant=4, shared="block", block_size=8)
    block = columns(some) // 8
    assert (block == block[:, :1]).all()
    assert (block[:, 0].bincount() - 1000).abs().max() < 5 * 28
    assert some.relevant.any(0).all()


def test_each_task_has_the_stated_number_of_relevant_columns():
    for shared in ("fixed", "pool", "block"):
        assert tasks(shared=shared, n_relevant=4).relevant.sum(1).eq(4).all()


def test_only_relevant_columns_have_weights_and_none_is_near_zero():
    some = tasks(n_relevant=4, shared="pool")
    assert torch.equal(some.weights != 0, some.relevant)
    assert some.weights[some.relevant].abs().min() > 0.48 / 2  # 2 is the root of n_relevant


def test_an_interaction_multiplies_the_relevant_columns_it_counts():
    some = tasks(shared="pool", interactions=((0, 2),))
    for i in range(20):
        first, _, third = columns(some)[i].tolist()
        wanted = torch.zeros(10, 10, dtype=torch.bool)
        wanted[first, third] = wanted[third, first] = True
        assert torch.equal(some.products[i] != 0, wanted)
    assert torch.equal(some.products, some.products.mT)


@pytest.mark.parametrize("likeness", [0.0, 0.4, 1.0])
def test_likeness_is_the_mean_product_of_two_tasks_weights(likeness):
    weights = tasks(likeness=likeness).weights[:, [0, 3, 6]] * 3**0.5
    product = (weights[0::2] * weights[1::2]).mean(0)
    assert product.numpy() == pytest.approx(likeness, abs=5 / (MANY / 2) ** 0.5)
    assert weights.square().mean(0).numpy() == pytest.approx(1, abs=0.05)


def test_a_block_correlates_its_columns_and_no_others():
    seen = _seen_correlation(correlation=0.6, block_size=5)
    place = torch.arange(10) // 5
    wanted = 0.6 * (place[:, None] == place).float()
    torch.testing.assert_close(seen, wanted.fill_diagonal_(1), rtol=0, atol=0.02)


def test_ar1_correlation_fades_with_distance():
    seen = _seen_correlation(correlation=0.7, correlated="ar1")
    place = torch.arange(10)
    wanted = 0.7 ** (place[:, None] - place).abs()
    torch.testing.assert_close(seen, wanted, rtol=0, atol=0.02)


def test_columns_are_independent_where_nothing_else_is_said():
    torch.testing.assert_close(_seen_correlation(), torch.eye(10), rtol=0, atol=0.02)


def _seen_correlation(**knobs):
    episode = PlantedFamily(**knobs).draw(
        k_support=50_000, n_query=1, n_tasks=1, generator=seeded(0)
    )
    return torch.corrcoef(episode.support.x[0].T)


@pytest.mark.parametrize("interactions", [(), ((0, 1),), ((0, 1), (1, 2))])
@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_targets_have_mean_0_and_a_variance_that_only_products_of_neighbours_raise(
    interactions, correlation
):
    knobs = {"interactions": interactions, "correlation": correlation, "block_size": 10}
    family = PlantedFamily(**knobs, noise=0.0)
    y = family.draw(k_support=500, n_query=1, n_tasks=MANY, generator=seeded(0)).support.y
    n_pairs = len(interactions)
    assert y.mean() == pytest.approx(0, abs=0.01)
    assert y.var(1).mean() == pytest.approx(1 + correlation**2 * n_pairs / (3 + n_pairs), abs=0.04)


def test_each_task_has_targets_of_mean_0_though_products_of_neighbours_have_not():
    family = PlantedFamily(interactions=((0, 1),), correlation=0.8, block_size=10)
    y = family.draw(k_support=40_000, n_query=1, n_tasks=4, generator=seeded(0)).support.y
    assert y.mean(1).abs().max() < 5 * 1.2 / 40_000**0.5


def test_log_odds_are_the_same_function_in_units_of_the_noise():
    sized = tasks(5, noise=0.25, interactions=((0, 1),))
    odds = tasks(5, noise=0.25, interactions=((0, 1),), kind="classification")
    torch.testing.assert_close(odds.weights, 4 * sized.weights)
    torch.testing.assert_close(odds.products, 4 * sized.products)


def test_the_spurious_column_is_never_relevant_and_stands_alone():
    knobs = {"spurious": 0.9, "correlation": 0.5}
    for shared in ("fixed", "pool", "block"):
        some = tasks(shared=shared, n_relevant=2, block_size=3, **knobs)
        assert not some.relevant[:, -1].any()
    assert PlantedFamily(**knobs).covariance()[-1].tolist() == [0] * 9 + [1]


def test_a_family_draws_the_rows_of_the_tasks_it_draws():
    family, size = PlantedFamily(shared="pool"), {"k_support": 5, "n_query": 6}
    episode = family.draw(**size, n_tasks=3, generator=seeded(0), drift=0.5)
    g = seeded(0)
    again = family.tasks(3, generator=g).draw(**size, generator=g, drift=0.5)
    assert torch.equal(episode.query.x, again.query.x)
    assert torch.equal(episode.query.y, again.query.y)


def test_one_seed_draws_the_same_tasks_and_another_does_not():
    assert torch.equal(tasks(5).weights, tasks(5).weights)
    assert not torch.equal(tasks(5).weights, tasks(5, seed=1).weights)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"n_relevant": 11}, "n_relevant needs 1 to 10 columns here .* found 11. Lower"),
        ({"n_relevant": 10, "spurious": 0.5}, "n_relevant needs 1 to 9 columns"),
        ({"n_relevant": 0}, "n_relevant needs 1 to 10 columns here .* found 0"),
        ({"shared": "pool", "n_pool": 2}, "n_relevant needs 1 to 2 columns"),
        ({"shared": "pool", "n_pool": 11}, "a pool needs 1 to 10 columns.* found 11"),
        ({"shared": "block", "block_size": 2}, "n_relevant needs 1 to 2 columns"),
        ({"interactions": ((0, 3),)}, r"numbers from 0 to 2, .* found \(0, 3\)"),
        ({"interactions": ((1, 1),)}, r"two different numbers .* found \(1, 1\)"),
        ({"interactions": ((0, 1), (1, 0))}, "each interaction may come once"),
        ({"noise": -0.1}, "noise needs to be 0 or more; found -0.1"),
        ({"block_size": 0}, "a block needs at least 1 column; found 0"),
        ({"likeness": 1.5}, "likeness needs to lie between 0 and 1.0; found 1.5"),
        ({"correlation": 1.0}, "correlation needs to lie between 0 and 0.999; found 1.0"),
        ({"spurious": -0.5}, "spurious needs to lie between 0 and 1.0; found -0.5"),
    ],
)
def test_knobs_that_contradict_each_other_are_refused(knobs, said):
    with pytest.raises(ValueError, match=said):
        PlantedFamily(**knobs)


@pytest.mark.usefixtures("_as_in_a_chapter")
@pytest.mark.parametrize("knob", ["kind", "shared", "correlated"])
def test_an_unknown_word_is_refused(knob):
    with pytest.raises(ValueError, match=f"{knob} needs one of .*; found 'other'"):
        PlantedFamily(**{knob: "other"})


def test_no_tasks_at_all_are_refused():
    with pytest.raises(ValueError, match="n_tasks of at least 1; found 0"):
        tasks(0)
