"""Real tables by name, each cut into tasks: `table("heart_disease")`.

Chapter: book/concepts/three_kinds_of_explanation.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from metaxai_lab.tasks import bundled_tables as bundled
from metaxai_lab.tasks import place_tables as places
from metaxai_lab.tasks import record_tables as records
from metaxai_lab.tasks.catalogue import UnknownSetError, unknown
from metaxai_lab.tasks.task_table import TaskTable

BUNDLED: Mapping[str, Callable[[], TaskTable]] = {
    "diabetes": bundled.diabetes,
    "breast_cancer": bundled.breast_cancer,
    "wine": bundled.wine,
    "iris": bundled.iris,
}
FOUND: Mapping[str, Callable[..., TaskTable]] = {
    "heart_disease": places.heart_disease,
    "beijing_air": places.beijing_air,
    "radon": places.radon,
    "bike_sharing": places.bike_sharing,
    "bike_sharing_months": partial(places.bike_sharing, by="month"),
    "german_credit": records.german_credit,
    "taiwan_credit": records.taiwan_credit,
    "ai4i": records.ai4i,
    "ai4i_modes": records.ai4i_modes,
}
TABLES = (*BUNDLED, *FOUND)


def table(name: str, *, folder: Path | str | None = None, every: int = 1) -> TaskTable:
    """Return a real table, cut into tasks; `tables.TABLES` lists the names.

    diabetes, breast_cancer, wine and iris come with scikit-learn; the files of the others are found
    by `find_set`.

    Args:
        folder: look for the files here and nowhere else.
        every: keep the first, and from it on every so many rows of each task.

    Raises:
        DamagedFileError: if the files do not hold the published content.
        MissingSetError: if the files are not on this machine.
        UnknownSetError: if there is no such table.
        ValueError: if `every` is below 1.
    """
    if name not in TABLES:
        raise UnknownSetError(unknown("table", name, dict.fromkeys(TABLES)))
    if every < 1:
        raise ValueError(f"every is how many rows there are to one that is kept; found {every}.")
    whole = BUNDLED[name]() if name in BUNDLED else FOUND[name](folder)
    return whole if every == 1 else _thinned(whole, every)


def _thinned(whole: TaskTable, every: int) -> TaskTable:
    starts = whole.counts.cumsum(0) - whole.counts
    place = torch.arange(len(whole.y)) - starts[whole.task]
    rows = (place % every == 0).nonzero()[:, 0]
    return replace(whole, x=whole.x[rows], y=whole.y[rows], task=whole.task[rows])
