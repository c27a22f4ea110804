"""Planted tasks: the truth they state is the truth their rows show."""

import pytest
import torch

from metaxai_lab.core import Episode, seeded
from metaxai_lab.tasks.planted import PlantedFamily


def tasks(n_tasks=4, seed=0, **knobs):
    return PlantedFamily(**({"interactions": ((0, 1),)} | knobs)).tasks(
        n_tasks, generator=seeded(seed)
    )


def drawn(source, k_support=10, n_query=20, seed=1, **knobs):
    return source.draw(k_support=k_support, n_query=n_query, generator=seeded(seed), **knobs)


def test_targets_are_the_true_function_plus_noise_of_the_stated_size():
    some = tasks(noise=0.3)
    query = drawn(some, n_query=20_000).query
    off = query.y - some.model()(query.x)[..., 0]
    assert off.std(-1).numpy() == pytest.approx(0.3, rel=0.03)
    assert off.mean(-1).abs().max() < 0.02


def test_without_noise_targets_are_the_true_function():
    some = tasks(noise=0.0)
    query = drawn(some).query
    assert torch.equal(query.y, some.model()(query.x)[..., 0])


def test_a_class_comes_as_often_as_its_log_odds_say():
    some = tasks(kind="classification", noise=0.5, interactions=())
    query = drawn(some, n_query=40_000).query
    chance = some.model()(query.x).softmax(-1)[..., 1]
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (chance >= low) & (chance < low + 0.2)
        seen = query.y[inside].float().mean()
        assert seen == pytest.approx(chance[inside].mean().item(), abs=0.015)


def test_without_noise_classes_are_the_true_ones():
    some = tasks(kind="classification", noise=0.0)
    query = drawn(some).query
    assert torch.equal(query.y, some.model()(query.x).argmax(-1))


@pytest.mark.parametrize("interactions", [(), ((0, 1), (1, 2))])
def test_each_class_has_half_of_the_rows(interactions):
    episode = drawn(tasks(kind="classification", interactions=interactions), k_support=6)
    assert episode.support.y.sum(-1).tolist() == [3] * 4
    assert episode.query.y.sum(-1).tolist() == [10] * 4


def test_classes_stand_in_random_order():
    y = drawn(tasks(kind="classification", n_tasks=2000), k_support=4, n_query=2).support.y
    assert (y.float().mean(0) - 0.5).abs().max() < 5 * 0.5 / 2000**0.5


def test_balancing_leaves_rows_as_they_were():
    x = drawn(tasks(kind="classification"), n_query=20_000).query.x
    assert x.mean(1).abs().max() < 0.05
    assert x.std(1).numpy() == pytest.approx(1, abs=0.03)


def test_changing_a_column_moves_the_true_output_only_if_it_is_relevant():
    some = tasks(shared="pool")
    x = drawn(some).query.x
    for column in range(10):
        other = x.clone()
        other[..., column] += 1
        moved = (some.model()(other) - some.model()(x))[..., 0].abs().amax(1) > 1e-4
        assert torch.equal(moved, some.relevant[:, column])


def test_the_truth_of_an_episode_marks_the_relevant_columns_of_each_query_row():
    some = tasks(shared="pool")
    truth = drawn(some).truth
    assert truth.shape == (4, 20, 10)
    assert torch.equal(truth.any(1), some.relevant)
    assert torch.equal(truth.all(1), some.relevant)


def test_support_and_query_rows_differ():
    episode = drawn(tasks())
    rows = torch.cat([episode.support.x, episode.query.x], 1)
    apart = torch.cdist(rows, rows) + 9 * torch.eye(30)
    assert apart.min() > 0.1


def test_shapley_values_over_all_rows_are_the_limit_over_many():
    some = tasks(correlation=0.5)
    x = drawn(some).query.x
    background = drawn(some, k_support=100_000, seed=2).support.x
    seen, stated = some.shapley(x, background), some.shapley(x)
    torch.testing.assert_close(stated.values, seen.values, rtol=0, atol=0.03)
    torch.testing.assert_close(stated.reference, seen.reference, rtol=0, atol=0.03)


def test_shapley_values_are_zero_where_a_column_does_not_act():
    some = tasks(spurious=0.9, correlation=0.5)
    episode = drawn(some)
    values = some.shapley(episode.query.x, episode.support.x).values
    assert values[~episode.truth].eq(0).all()
    assert values[episode.truth].ne(0).all()


def test_shapley_values_explain_the_log_odds_of_class_1():
    some = tasks(kind="classification")
    x = drawn(some).query.x
    found = some.shapley(x)
    torch.testing.assert_close(found.output, some.model()(x)[..., 1])
    assert found.unit == "log-odds"
    assert some.model()(x)[..., 0].eq(0).all()


def test_one_task_is_its_place_in_the_stack():
    some = tasks()
    x = drawn(some).query.x
    one = some.task(2)
    torch.testing.assert_close(one.model()(x[2]), some.model()(x)[2])
    torch.testing.assert_close(one.shapley(x[2]).values, some.shapley(x).values[2])
    assert drawn(one).support.x.shape == (10, 10)


def test_drift_moves_the_weights_by_its_share_of_their_length():
    some = tasks()
    moved = some.moved(0.5).weights - some.weights
    torch.testing.assert_close(moved.norm(dim=1), 0.5 * some.weights.norm(dim=1))
    assert moved[~some.relevant].eq(0).all()


def test_drift_may_depend_on_the_place_in_the_stack():
    some = tasks()
    away = some.moved(torch.tensor([0.0, 0.5, 1.0, 2.0])).weights - some.weights
    share = away.norm(dim=1) / some.weights.norm(dim=1)
    torch.testing.assert_close(share, torch.tensor([0.0, 0.5, 1.0, 2.0]))


def test_drift_grows_from_the_support_rows_to_the_last_query_row():
    some = tasks(noise=0.0)
    episode = drawn(some, drift=0.8)
    for row, drift in ((0, 0.04), (9, 0.4), (19, 0.8)):
        then = some.moved(drift).model()(episode.query.x)[:, row, 0]
        torch.testing.assert_close(episode.query.y[:, row], then)
    torch.testing.assert_close(episode.support.y, some.model()(episode.support.x)[..., 0])


def test_the_error_of_a_stale_model_is_the_length_the_weights_moved():
    some = tasks(noise=0.0, interactions=())
    x = drawn(some, n_query=50_000).query.x
    error = (some.moved(0.7).model()(x) - some.model()(x)).square().mean((1, 2))
    torch.testing.assert_close(error, 0.49 * some.weights.square().sum(1), rtol=0.03, atol=0)


@pytest.mark.parametrize("kind", ["regression", "classification"])
def test_the_spurious_column_follows_the_target_until_the_shift(kind):
    some = tasks(kind=kind, spurious=0.8, correlation=0.4)
    for shifted, wanted in ((False, 0.8), (True, 0.0)):
        episode = drawn(some, k_support=20_000, n_query=20_000, shifted=shifted)
        assert _follows(episode.support) == pytest.approx(0.8, abs=0.02)
        assert _follows(episode.query) == pytest.approx(wanted, abs=0.03)
        assert episode.query.x[..., -1].std(1).numpy() == pytest.approx(1, abs=0.03)


def _follows(examples):
    """Correlate the last column with the target, task by task."""
    pairs = torch.stack([examples.x[..., -1], examples.y.float()], 1)
    return torch.stack([torch.corrcoef(pair)[0, 1] for pair in pairs]).numpy()


@pytest.mark.parametrize("kind", ["regression", "classification"])
def test_a_shifted_twin_differs_in_the_spurious_column_of_the_query_only(kind):
    some = tasks(kind=kind, spurious=0.8)
    plain, shifted = drawn(some), drawn(some, shifted=True)
    assert torch.equal(plain.support.x, shifted.support.x)
    assert torch.equal(plain.query.y, shifted.query.y)
    same = (plain.query.x == shifted.query.x).all(1).all(0)
    assert same.tolist() == [True] * 9 + [False]


def test_one_seed_draws_the_same_rows_and_another_does_not():
    some = tasks()
    assert torch.equal(drawn(some).query.x, drawn(some).query.x)
    assert not torch.equal(drawn(some).query.x, drawn(some, seed=2).query.x)


def test_drawing_leaves_the_global_state_as_it_was():
    before = torch.get_rng_state()
    for shifted in (False, True):
        drawn(tasks(kind="classification", spurious=0.5), shifted=shifted)
    assert torch.get_rng_state().equal(before)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_one_seed_draws_the_same_episode_on_cuda():
    some = tasks(spurious=0.5, correlation=0.3)
    there, here = drawn(some.to("cuda")), drawn(some)
    assert there.query.x.device.type == there.truth.device.type == "cuda"
    torch.testing.assert_close(there.query.x.cpu(), here.query.x)
    torch.testing.assert_close(there.query.y.cpu(), here.query.y)
    assert some.to("cuda").shapley(there.query.x).values.device.type == "cuda"


@pytest.mark.parametrize(
    ("kind", "size", "said"),
    [
        ("regression", {"k_support": 0}, "k_support of at least 1; found 0"),
        ("classification", {"k_support": 1}, "k_support of at least 2; found 1"),
        ("regression", {"n_query": 0}, "n_query of at least 1; found 0"),
    ],
)
def test_sizes_too_small_are_refused(kind, size, said):
    with pytest.raises(ValueError, match=said):
        drawn(tasks(kind=kind), **size)


def test_a_class_that_cannot_come_ends_the_search(monkeypatch):
    monkeypatch.setattr("metaxai_lab.tasks.planted_tasks._MOST_ROUNDS", 1)
    with pytest.raises(RuntimeError, match="did not come in 1 draws of a row"):
        drawn(tasks(kind="classification"))


def test_episodes_are_stacked():
    episode = drawn(tasks())
    assert isinstance(episode, Episode)
    assert episode.support.x.shape == (4, 10, 10)
    assert episode.query.y.shape == (4, 20)
    assert episode.query.x.dtype == episode.query.y.dtype == torch.float32
