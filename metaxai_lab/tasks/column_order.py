"""Columns by name: another hospital's table may hold the same columns in another order.

A learner that knows columns by their places answers wrongly, and without complaint, where two of
them changed places. Names are compared before it is asked.
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Sequence
from dataclasses import replace

from metaxai_lab.tasks.task_table import TaskTable


def in_order(table: TaskTable, names: Sequence[str]) -> TaskTable:
    """Return the table with the columns `names`, in that order; columns beyond them are left out.

    Raises:
        ValueError: if the table lacks one of the columns, or a name comes twice.
    """
    have = table.feature_names
    lacking = [name for name in names if name not in have]
    twice = [name for name in names if list(names).count(name) + have.count(name) > 2]
    if lacking or twice:
        raise ValueError(
            f"columns are found by name; the table lacks {lacking or 'none'}, and twice there is "
            f"{sorted(set(twice)) or 'none'}. It has {', '.join(have)}."
        )
    places = [have.index(name) for name in names]
    known = None if table.responsible is None else table.responsible[:, places]
    return replace(
        table, x=table.x[:, places], feature_names=tuple(map(str, names)), responsible=known
    )
