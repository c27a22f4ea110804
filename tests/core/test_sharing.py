"""What processes share is the batch, each task once and in its order, or it is refused."""

import pytest
import torch

from metaxai_lab.core import Episode, Examples, share


def batch(n_tasks, n_queried=None):
    """Return tasks whose rows hold the number of the task."""
    return Episode(rows(n_tasks, 3), rows(n_queried or n_tasks, 2), truth(n_queried or n_tasks))


def rows(n_tasks, n_rows):
    number = torch.arange(n_tasks).reshape(-1, 1)
    return Examples(number[..., None].expand(-1, n_rows, 4).float(), number.expand(-1, n_rows))


def truth(n_tasks):
    return (torch.arange(n_tasks) % 2 == 0).reshape(-1, 1, 1).expand(-1, 2, 4)


@pytest.mark.parametrize("n_ranks", [1, 2, 3, 6])
@pytest.mark.parametrize(
    "part",
    [
        lambda e: e.support.x,
        lambda e: e.support.y,
        lambda e: e.query.x,
        lambda e: e.query.y,
        lambda e: e.truth,
    ],
    ids=["support.x", "support.y", "query.x", "query.y", "truth"],
)
def test_the_shares_of_all_processes_one_after_another_are_the_batch(part, n_ranks):
    shares = [part(share(batch(6), rank, n_ranks)) for rank in range(n_ranks)]
    assert len({len(one) for one in shares}) == 1
    assert torch.equal(torch.cat(shares), part(batch(6)))


def test_a_batch_without_truth_stays_without():
    whole = batch(4)
    assert share(Episode(whole.support, whole.query), 0, 2).truth is None


def test_one_process_keeps_a_single_episode_as_it_is():
    single = batch(4).task(0)
    assert share(single, 0, 1) is single


def test_tasks_of_two_axes_are_cut_along_the_first():
    x, y = torch.rand(4, 3, 5, 2), torch.zeros(4, 3, 5)
    both = Examples(x, y)
    assert torch.equal(share(Episode(both, both), 1, 2).support.x, x[2:])


def test_tasks_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match=r"found 6 tasks to learn from .* a multiple of 4 tasks"):
        share(batch(6), 0, 4)


def test_a_query_of_other_tasks_than_the_support_is_refused():
    with pytest.raises(ValueError, match="found 4 tasks to learn from and 1 to be judged on"):
        share(batch(4, n_queried=1), 0, 2)


def test_several_processes_refuse_a_single_episode():
    with pytest.raises(ValueError, match="a single episode without an axis of tasks"):
        share(batch(4).task(0), 0, 2)


@pytest.mark.parametrize("rank", [-1, 2])
def test_a_process_that_is_not_of_the_crew_is_refused(rank):
    with pytest.raises(ValueError, match=f"rank is one of 0 to 1; found {rank}"):
        share(batch(4), rank, 2)
