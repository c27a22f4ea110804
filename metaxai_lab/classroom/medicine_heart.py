"""Four real hospitals: a model is carried from each to each, and each is left out in turn.

Heart disease in Cleveland, Hungary, Switzerland and Long Beach. Four hospitals say little about a
fifth, so what is drawn again here is patients: each is judged by learners that saw others of the
same hospital. Source: Detrano et al. (1989); Vickers & Elkin (2006).
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.left_out import LEARNED, SIZES
from metaxai_lab.classroom.medicine_study import THRESHOLD
from metaxai_lab.classroom.tables_patients import over_rows
from metaxai_lab.classroom.tables_rivals import everyone, rivals
from metaxai_lab.classroom.tables_study import Cut, Fold, cut, leave, rows_of, train
from metaxai_lab.core import Examples, seeded
from metaxai_lab.evaluation.intervals import Interval
from metaxai_lab.tasks import TaskTable, standardised

N_DRAWS = 60  # support sets of each hospital and size


@dataclass(frozen=True)
class Left:
    """One hospital left out.

    Args:
        ill: 1 where a patient is.
        wrong: by name and size, each patient's mean squared error over draws that did not hold it.
        advised: by name and size, in which share of these draws the patient is followed up.
        start: the pooled line of the other three hospitals.
    """

    fold: Fold
    x: Float[Tensor, "row feature"]
    ill: Float[Tensor, " row"]
    wrong: Mapping[tuple[str, int], Float[Tensor, " row"]]
    advised: Mapping[tuple[str, int], Float[Tensor, " row"]]
    start: Float[Tensor, " feature_and_one"]

    def gain(self, name: str, size: int, *, over: str) -> Float[Tensor, " row"]:
        """Return each patient's part of the net benefit beyond a policy: "all" or "none"."""
        price = THRESHOLD / (1 - THRESHOLD)
        spent = self.advised[name, size] - float(over == "all")
        return spent * (self.ill - price * (1 - self.ill))

    def sure_gain(self, name: str, size: int) -> Interval:
        """Return the gain beyond the better of both simple policies, over patients."""
        each = [self.gain(name, size, over=over) for over in ("all", "none")]
        hard = min(each, key=lambda rows: float(rows.mean()))
        return over_rows([hard], generator=seeded(0))


def foretold(left: Left) -> dict[str, float]:
    """Return how well signals tell the patients whom the pooled line answers wrongly, as AUCs.

    "seldom measured" is the share of a patient's reasons on columns that the training hospitals
    often left empty; "far away" the distance from their mean patient; "near a half" uses the answer
    alone. Chance is one half.
    """
    rows = rows_of(left.fold.table, left.fold.trained)
    trained, names = left.fold.table.x[rows], left.fold.table.feature_names
    away = left.x - trained.mean(0)
    reasons = (away * left.start[:-1]).abs()
    said = left.x @ left.start[:-1] + left.start[-1]
    wrong = (said >= 0.5) != (left.ill > 0)
    empty = torch.tensor([_empty(trained, names, name) for name in names])
    signals = {
        "seldom measured": (reasons * empty).sum(-1) / reasons.sum(-1),
        "far away": away.square().sum(-1),
        "near a half": -(said - 0.5).abs(),
    }
    return {name: auc(signal, wrong) for name, signal in signals.items()}


@dataclass(frozen=True)
class Carried:
    """A logistic regression of each hospital, asked in each, its own included.

    Args:
        auc: how often an ill patient gets the higher answer.
        seldom: the share of a model's reasons there that stand on cells its home often left empty.
        top: the column with the largest mean reason.
    """

    hospitals: tuple[str, ...]
    auc: Float[Tensor, "home away"]
    seldom: Float[Tensor, "home away"]
    top: tuple[tuple[str, ...], ...]


def carried(table: TaskTable, *, as_codes: bool) -> Carried:
    """Fit each hospital, and ask it in each.

    Args:
        as_codes: as one would do in haste: choices stay the published codes, empty cells are
            filled with the mean before columns are scaled, and nothing says that they were empty.
    """
    whole = coded(table) if as_codes else table
    n = len(whole.task_names)
    aucs, seldom, top = torch.zeros(n, n), torch.zeros(n, n), list[tuple[str, ...]]()
    for home in range(n):
        x, empty = _scaled(whole, home, filled_first=as_codes)
        rows = [whole.task == hospital for hospital in range(n)]
        weights = _logistic(x[rows[home]], whole.y[rows[home]])
        reasons = [(x[here] * weights).abs().mean(0) for here in rows]
        for away, reason in enumerate(reasons):
            aucs[home, away] = auc(x[rows[away]] @ weights, whole.y[rows[away]] > 0)
            seldom[home, away] = (reason * empty).sum() / reason.sum()
        top.append(tuple(whole.feature_names[int(reason.argmax())] for reason in reasons))
    return Carried(whole.task_names, aucs, seldom, tuple(top))


def coded(table: TaskTable) -> TaskTable:
    """Return choices as one column of codes each, and no column that says what was missing."""
    columns = dict[str, Tensor]()
    for place, name in enumerate(table.feature_names):
        stem, _, value = name.partition("=")
        if name.endswith(" missing"):
            continue
        column = table.x[:, place] * (float(value) if value else 1)
        columns[stem] = columns[stem] + column if stem in columns else column
    choices = {name.partition("=")[0] for name in table.feature_names if "=" in name}
    x = [
        col.where(col != 0, torch.nan)
        if name in choices and f"{name}=0.0" not in table.feature_names
        else col
        for name, col in columns.items()
    ]
    return replace(table, x=torch.stack(x, 1), feature_names=tuple(columns))


def auc(said: Float[Tensor, " row"], ill: Tensor) -> float:
    """Return how often an ill patient gets the higher answer than one who is not."""
    ahead = said[ill][:, None] - said[~ill]
    return float((ahead.sign() + 1).double().mean() / 2)


def hospitals_cut() -> Cut:
    """Return the four hospitals, to be left out one by one."""
    return replace(cut("heart_disease"), rows=(min(SIZES), max(SIZES)))


def leave_hospital(whole: Cut, hospital: str, *, seed: int = 0, steps: int = 80) -> Left:
    """Train on three hospitals, and judge everyone on the patients of the fourth."""
    fold = leave(whole, hospital)
    found = rivals(fold)
    learner = train(fold, found.pooled, found.others, seed=seed, steps=steps)
    rows = rows_of(fold.table, fold.out)
    x, y = fold.table.x[rows], fold.table.y[rows]
    wrong, advised = dict[tuple[str, int], Tensor](), dict[tuple[str, int], Tensor]()
    for size in SIZES:
        order = torch.rand(N_DRAWS, len(y), generator=seeded(size)).argsort(-1)
        kept = torch.ones(N_DRAWS, len(y)).scatter_(1, order[:, :size], 0.0)
        support = Examples(x[order[:, :size]], y[order[:, :size]])
        with torch.no_grad():
            lines = everyone(found, size)(support) | {LEARNED: learner.adapt(support)}
            for name, line in lines.items():
                said = line(x.expand(N_DRAWS, -1, -1))[..., 0]
                wrong[name, size] = _kept(said.sub(y).square(), kept)
                advised[name, size] = _kept((said >= THRESHOLD).float(), kept)
    return Left(fold, x, y, wrong, advised, found.pooled)


def _kept(values: Tensor, kept: Tensor) -> Float[Tensor, " row"]:
    return (values * kept).sum(0) / kept.sum(0)


def _empty(trained: Tensor, names: tuple[str, ...], name: str) -> float:
    """Return in which share of the rows the cells of a column, or of its choice, are empty."""
    flag = f"{name.removesuffix(' missing').partition('=')[0]} missing"
    return float(trained[:, names.index(flag)].mean()) if flag in names else 0.0


def _scaled(
    table: TaskTable, home: int, *, filled_first: bool
) -> tuple[Float[Tensor, "row feature"], Float[Tensor, " feature"]]:
    """Return columns in units of one hospital, and in which share of its rows each is empty."""
    own = table.x[table.task == home]
    names = table.feature_names
    if not filled_first:
        x = standardised(table, by=[home]).x
        return x, torch.tensor([_empty(own.nan_to_num(), names, name) for name in names])
    mean = own.nanmean(0).nan_to_num()
    filled = table.x.where(~table.x.isnan(), mean)
    size = filled[table.task == home].std(0, correction=0)
    return (filled - mean) / size.where(size > 0, 1), own.isnan().float().mean(0)


def _logistic(x: Tensor, y: Tensor) -> Float[Tensor, " feature"]:
    from sklearn.linear_model import LogisticRegression  # here, since it takes long to load

    fitted = LogisticRegression(max_iter=2000).fit(x.numpy(), y.numpy())
    return torch.as_tensor(fitted.coef_[0], dtype=x.dtype)
