"""Four real hospitals, each left out in turn, and judged patient by patient.

Heart disease in Cleveland, Hungary, Switzerland and Long Beach. Four hospitals say little about a
fifth, so what is drawn again here is patients: each is judged by learners that saw others of the
same hospital. Source: Detrano et al. (1989); Vickers & Elkin (2006).
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.left_out import LEARNED, SIZES
from metaxai_lab.classroom.medicine_carried import empty_share
from metaxai_lab.classroom.medicine_study import THRESHOLD
from metaxai_lab.classroom.tables_patients import over_rows
from metaxai_lab.classroom.tables_rivals import everyone, rivals
from metaxai_lab.classroom.tables_study import Cut, Fold, cut, leave, rows_of, train
from metaxai_lab.core import Examples, seeded
from metaxai_lab.evaluation.intervals import Interval
from metaxai_lab.evaluation.recovery import area

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

    def ahead(self, rival: str, size: int) -> Interval:
        """Return the learner's net benefit less a rival's, over patients."""
        own, other = (self.gain(name, size, over="none") for name in (LEARNED, rival))
        return over_rows([own - other], generator=seeded(0))

    @property
    def wrongly_advised(self) -> Bool[Tensor, " row"]:
        """Whom the pooled line advises wrongly."""
        said = self.x @ self.start[:-1] + self.start[-1]
        return (said >= THRESHOLD) != (self.ill > 0)


def foretold(left: Left) -> dict[str, float]:
    """Return how well signals tell the patients whom the pooled line answers wrongly, as AUCs.

    "seldom measured" is the share of a patient's reasons on columns that the training hospitals
    often left empty; "far away" the distance from their mean patient; "near threshold" uses the
    answer alone. Wrong is an advice that the patient did not need, or lacked. Chance is one half.
    """
    rows = rows_of(left.fold.table, left.fold.trained)
    trained, names = left.fold.table.x[rows], left.fold.table.feature_names
    away = left.x - trained.mean(0)
    reasons = (away * left.start[:-1]).abs()
    said = left.x @ left.start[:-1] + left.start[-1]
    empty = torch.tensor([empty_share(trained, names, name) for name in names])
    signals = {
        "seldom measured": (reasons * empty).sum(-1) / reasons.sum(-1),
        "far away": away.square().sum(-1),
        "near threshold": -(said - THRESHOLD).abs(),
    }
    return {name: float(area(signal, left.wrongly_advised)) for name, signal in signals.items()}


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
