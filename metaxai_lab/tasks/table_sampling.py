"""Episodes from a table of tasks: rows are chosen by number, and a batch is one gather.

Each episode is one group of the table: some of its rows to learn from, others to be judged on. Task
layout: Vinyals et al. (2016), section 4. Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.sampling import check_sizes
from metaxai_lab.tasks.task_table import TaskTable, check_tasks


def draw_table_episodes(
    table: TaskTable,
    *,
    tasks: Sequence[int],
    k_support: int,
    n_query: int,
    n_tasks: int,
    generator: Generator,
    each_class: int = 1,
) -> Episode:
    """Draw `n_tasks` episodes, each from one of `tasks`, chosen with equal chance.

    No row comes twice in an episode. Rows are chosen uniformly, except that each class has at least
    `each_class` of the support rows. `truth` marks the columns that decide, where they are known.

    Args:
        tasks: numbers of the tasks to draw from.
        k_support: support rows of an episode.
        n_query: query rows of an episode.
        each_class: 0 leaves the classes of the support to chance; no meaning for number targets.

    Raises:
        ValueError: if a size is too small, a task has too few rows, or cells are empty.
    """
    check_sizes(k_support=k_support, n_query=n_query, n_tasks=n_tasks)
    check_tasks(table, tasks)
    each_class = each_class if table.class_names else 0
    _check_rows(table, tasks, k_support, n_query, each_class)
    asked = torch.tensor(tasks)[torch.randint(len(tasks), (n_tasks,), generator=generator)]
    chances, rows = _chances(table, asked, generator)
    if each_class:
        chances = _classes_first(table, rows, chances, each_class)
    support = chances.topk(k_support).indices
    left = chances.scatter(1, support, -1.0)
    query = left.topk(n_query).indices
    return _gathered(table, asked, rows.gather(1, support), rows.gather(1, query))


def _chances(
    table: TaskTable, asked: Int[Tensor, " task"], generator: Generator
) -> tuple[Float[Tensor, "task row"], Int[Tensor, "task row"]]:
    """Draw a number from 0 to 1 for each row of each task; beyond its last row, -1."""
    counts = table.counts[asked]
    place = torch.arange(int(counts.max())).expand(len(asked), -1)
    chances = torch.rand(place.shape, generator=generator)
    starts = (table.counts.cumsum(0) - table.counts)[asked]
    inside = place < counts[:, None]
    return chances.where(inside, -1.0), (starts[:, None] + place).where(inside, starts[:, None])


def _classes_first(
    table: TaskTable,
    rows: Int[Tensor, "task row"],
    chances: Float[Tensor, "task row"],
    each_class: int,
) -> Float[Tensor, "task row"]:
    """Add 1 to the chances of the first `each_class` rows of each class, so that they lead."""
    labels = table.y.cpu()[rows]
    led = chances.clone()
    for label in range(len(table.class_names)):
        first = chances.where(labels == label, -1.0).topk(each_class).indices
        led.scatter_(1, first, chances.gather(1, first) + 1)
    return led


def _gathered(
    table: TaskTable,
    asked: Int[Tensor, " task"],
    support: Int[Tensor, "task support"],
    query: Int[Tensor, "task query"],
) -> Episode:
    place = table.x.device
    support, query = support.to(place), query.to(place)
    truth = None
    if table.responsible is not None:
        truth = table.responsible[asked.to(place)][:, None].expand(*query.shape, -1)
    learned, judged = (Examples(table.x[rows], table.y[rows]) for rows in (support, query))
    return Episode(learned, judged, truth)


def _check_rows(
    table: TaskTable, tasks: Sequence[int], k_support: int, n_query: int, each_class: int
) -> None:
    if each_class * len(table.class_names) > k_support:
        raise ValueError(
            f"{len(table.class_names)} classes with each_class={each_class} need k_support of at "
            f"least {each_class * len(table.class_names)}; found {k_support}."
        )
    small = [number for number in tasks if table.counts[number] < k_support + n_query]
    if small:
        raise ValueError(
            f"an episode needs k_support + n_query = {k_support + n_query} rows; task "
            f"{table.task_names[small[0]]!r} has {int(table.counts[small[0]])}. Lower them, or "
            f"draw from large_enough(table, {k_support + n_query})."
        )
    _check_cells(table, tasks, each_class)


def _check_cells(table: TaskTable, tasks: Sequence[int], each_class: int) -> None:
    if table.x.isnan().any():
        raise ValueError(
            f"the table has empty cells ({dict(table.missing)}). Draw from "
            "standardised(table, by=training_tasks), which fills them with the training mean."
        )
    for label, name in enumerate(table.class_names if each_class else ()):
        counts = table.task[table.y == label].bincount(minlength=len(table.task_names)).cpu()
        short = [number for number in tasks if counts[number] < each_class]
        if short:
            raise ValueError(
                f"each class needs {each_class} support rows; task "
                f"{table.task_names[short[0]]!r} has {int(counts[short[0]])} rows of class "
                f"{name!r}. Leave the task out, or set each_class=0."
            )
