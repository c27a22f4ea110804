"""Several processes share the tasks of one step: each takes its own slice, and nothing is lost.

Every process draws the whole batch from the same generator and keeps its slice, so that two of them
see the tasks that one would see. Chapter: book/appendix/running_it.md.
"""

from metaxai_lab.core.episode import Episode, Examples


def share(episode: Episode, rank: int, n_ranks: int) -> Episode:
    """Return the tasks of `episode` that process `rank` of `n_ranks` works on.

    The first axis of tasks is cut into `n_ranks` slices of one length, so the mean over processes
    of a mean over tasks is the mean over all tasks. One process keeps the episode as it is.

    Raises:
        ValueError: if the tasks do not divide, or `rank` is not below `n_ranks`.
    """
    if not 0 <= rank < n_ranks:
        raise ValueError(f"rank is one of 0 to {n_ranks - 1}; found {rank}.")
    if n_ranks == 1:
        return episode
    mine = _slice_of(episode, rank, n_ranks)
    support = Examples(episode.support.x[mine], episode.support.y[mine])
    query = Examples(episode.query.x[mine], episode.query.y[mine])
    return Episode(support, query, None if episode.truth is None else episode.truth[mine])


def _slice_of(episode: Episode, rank: int, n_ranks: int) -> slice:
    tasks = episode.support.y.shape[:-1]
    if not tasks:
        raise ValueError(
            f"{n_ranks} processes share the tasks of a step, and this step is a single episode "
            f"without an axis of tasks. Stack {n_ranks} tasks or a multiple, or use one process."
        )
    n_tasks, n_queried = tasks[0], episode.query.y.shape[0]
    if n_tasks % n_ranks or n_queried != n_tasks:
        raise ValueError(
            f"{n_ranks} processes share the tasks of a step in equal parts; found {n_tasks} tasks "
            f"to learn from and {n_queried} to be judged on. Draw a multiple of {n_ranks} tasks a "
            "step, or start another number of processes."
        )
    length = n_tasks // n_ranks
    return slice(rank * length, (rank + 1) * length)
