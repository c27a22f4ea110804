"""Examples and episodes refuse parts that do not belong together."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Episode, Examples, joined


def rows(*shape: int, device: str = "cpu") -> Examples:
    return Examples(
        torch.zeros(*shape, device=device), torch.zeros(shape[:-1], device=device).long()
    )


@pytest.fixture
def _as_in_a_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Types are not checked there, so that our own errors must speak."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


@pytest.mark.usefixtures("_as_in_a_chapter")
def test_examples_need_one_target_per_row() -> None:
    with pytest.raises(ValueError, match=r"x is \(3, 5\) and y is \(2,\).* the shape \(3,\)"):
        Examples(torch.zeros(3, 5), torch.zeros(2))


@pytest.mark.usefixtures("_as_in_a_chapter")
def test_examples_need_targets_for_every_task() -> None:
    with pytest.raises(ValueError, match="one target per row"):
        Examples(torch.zeros(4, 3, 5), torch.zeros(3))


def test_examples_on_two_devices_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"Examples needs all .* on one device.*'y': 'meta'"):
        Examples(torch.zeros(3, 5), torch.zeros(3, device="meta"))


def test_an_episode_on_two_devices_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"Episode needs all its parts.*'query': 'meta'"):
        Episode(rows(3, 5), rows(2, 5, device="meta"))


def test_a_truth_on_another_device_is_refused() -> None:
    truth = torch.zeros(2, 5, dtype=torch.bool, device="meta")
    with pytest.raises(ValueError, match="'truth': 'meta'"):
        Episode(rows(3, 5), rows(2, 5), truth)


def test_truth_marks_the_columns_of_the_query_rows() -> None:
    with pytest.raises(ValueError, match=r"needs the shape \(2, 5\) of query\.x, and has \(3, 5\)"):
        Episode(rows(3, 5), rows(2, 5), torch.zeros(3, 5, dtype=torch.bool))


def test_to_moves_every_part_of_an_episode() -> None:
    episode = Episode(rows(3, 5), rows(2, 5), torch.zeros(2, 5, dtype=torch.bool)).to("meta")
    assert episode.truth is not None
    parts = [episode.support.x, episode.support.y, episode.query.x, episode.query.y, episode.truth]
    assert {part.device.type for part in parts} == {"meta"}


def test_an_episode_without_truth_moves_without_one() -> None:
    assert Episode(rows(3, 5), rows(2, 5)).to("meta").truth is None


def test_one_task_of_a_batch_keeps_its_rows_targets_and_truth() -> None:
    x, y = torch.arange(24.0).view(2, 3, 4), torch.arange(6).view(2, 3)
    task = Episode(Examples(x, y), Examples(x + 100, y + 100), x > 20).task(1)
    assert task.truth is not None
    assert task.support.x.equal(x[1])
    assert task.support.y.equal(y[1])
    assert task.query.x.equal(x[1] + 100)
    assert task.query.y.equal(y[1] + 100)
    assert task.truth.equal(x[1] > 20)


def test_one_task_of_a_batch_without_truth_has_none() -> None:
    assert Episode(rows(2, 3, 4), rows(2, 3, 4)).task(0).truth is None


def test_joined_batches_keep_the_order_of_their_tasks() -> None:
    x, y = torch.arange(24.0).view(2, 3, 4), torch.arange(6).view(2, 3)
    first, second = (
        Episode(Examples(x, y), Examples(x, y), x > 20),
        Episode(rows(1, 3, 4), rows(1, 3, 4)),
    )
    both = joined([first, second, first])
    assert both.support.x.equal(torch.cat([x, torch.zeros(1, 3, 4), x]))
    assert both.query.y.equal(torch.cat([y, torch.zeros(1, 3).long(), y]))
    assert both.truth is None
    truth = joined([first, first]).truth
    assert truth is not None
    assert truth.equal(torch.cat([x > 20, x > 20]))
