"""Tables that come with scikit-learn, cut into tasks: nothing to download.

The cuts are ours: diabetes by sex and age, breast cancer by the size of the nuclei, and wine and
iris by the class that is to be told from the others. Sets: Efron et al. (2004); Street, Wolberg &
Mangasarian (1993); Aeberhard & Forina (1992); Fisher (1936).
Chapter: book/concepts/three_kinds_of_explanation.ipynb.
"""

from itertools import pairwise
from typing import Any

import pandas as pd

from metaxai_lab.tasks.table_columns import Frame, cut_into_tasks
from metaxai_lab.tasks.task_table import TaskTable

AGES = (0, 40, 50, 60, 200)  # years
RADII = (0, 12, 14, 16, 100)  # mean radius of the nuclei; classes are mixed in all bands


def diabetes() -> TaskTable:
    """Return disease progression after a year from age, blood pressure, weight and blood values.

    442 patients in 8 tasks, by sex (1 and 2 as published) and age band. Columns keep their units.
    """
    frame = _frame(_bundled("diabetes", scaled=False))
    bands = bands_of(frame["age"], AGES, "age")
    frame["group"] = "sex " + frame["sex"].astype(int).astype(str) + ", " + bands
    ordered = list(dict.fromkeys(frame.sort_values(["sex", "age"])["group"]))
    numbers = [name for name in frame.columns if name not in ("sex", "target", "group")]
    frame = frame.rename(columns={"target": "progression"})
    return cut_into_tasks(
        frame, task="group", target="progression", numbers=numbers, task_names=ordered
    )


def breast_cancer() -> TaskTable:
    """Return malignant or benign from 30 measurements of cell nuclei.

    569 patients in 4 tasks, bands of the mean radius: up to 12, 14, 16 and above. Size alone nearly
    tells the class, so within a band the other columns have to.
    """
    bunch = _bundled("breast_cancer")
    frame = _frame(bunch)
    frame["size"] = bands_of(frame["mean radius"], RADII, "radius", closed_right=True)
    numbers, classes = list(bunch.feature_names), tuple(map(str, bunch.target_names))
    ordered = list(dict.fromkeys(frame.sort_values("mean radius")["size"]))
    frame = frame.rename(columns={"target": "diagnosis"})
    return cut_into_tasks(
        frame,
        task="size",
        target="diagnosis",
        numbers=numbers,
        class_names=classes,
        task_names=ordered,
    )


def wine() -> TaskTable:
    """Return "is it this cultivar?" from 13 measurements: 178 wines, asked once per cultivar."""
    return _one_against_the_rest(_bundled("wine"))


def iris() -> TaskTable:
    """Return "is it this species?" from 4 lengths: 150 flowers, asked once per species."""
    return _one_against_the_rest(_bundled("iris"))


def bands_of(values: Any, edges: tuple[int, ...], what: str, *, closed_right: bool = False) -> Any:
    """Name the band in which each value of a column lies, from one edge up to the next.

    Args:
        what: the word before the edges.
        closed_right: an edge belongs to the band below it.
    """
    middle = [f"{low} to {high}" for low, high in pairwise(edges[1:-1])]
    names = [f"below {edges[1]}", *middle, f"above {edges[-2]}"]
    labels = [f"{what} {name}" for name in names]
    cut: Any = pd.cut(values, list(edges), right=closed_right, labels=labels)
    return cut.astype(str)


def _one_against_the_rest(bunch: Any) -> TaskTable:
    """Repeat all rows for each class, with the question whether they belong to it."""
    frame, names = _frame(bunch), list(map(str, bunch.target_names))
    asked = [
        frame.assign(asked=name, is_it=(frame["target"] == number).astype(int))
        for number, name in enumerate(names)
    ]
    return cut_into_tasks(
        pd.concat(asked, ignore_index=True),
        task="asked",
        target="is_it",
        numbers=list(bunch.feature_names),
        class_names=("no", "yes"),
        task_names=names,
    )


def _bundled(name: str, **how: bool) -> Any:
    from sklearn import datasets  # here, since it takes longer to load than all of the lab

    return getattr(datasets, f"load_{name}")(as_frame=True, **how)


def _frame(bunch: Any) -> Frame:
    return bunch.frame.copy()
