"""Does an explanation say that a model is out of its depth? Signals, and the damage they foretell.

A model comes to a hospital that has shown it no outcome yet, only how its patients measure. What
that measuring costs is known, since the same patients can be asked as the model would have liked
them measured. Each signal is one number for a hospital, and is judged by how well it orders
hospitals by that damage. Source: Spearman (1904), for the correlation of ranks.
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.classroom.medicine_rivals import patients_apart
from metaxai_lab.classroom.medicine_study import N_TRAINED, world
from metaxai_lab.classroom.tables_study import leave, rows_of
from metaxai_lab.core import seeded
from metaxai_lab.tasks.hospitals import Shifts

USUAL = 0.75  # deviations that the mean of a column may lie off without being suspected
N_ASKED, N_SEEN = 30, 150  # new hospitals of a deal, which share patients; patients of each


@dataclass(frozen=True)
class Asked:
    """New hospitals of one deal, and a pooled model that has not seen them.

    Args:
        x: of each hospital its patients, in deviations of the training rows; an empty cell is 0.
        liked: the same patients, measured as the model would like.
        measured: which columns a hospital measures.
        assay: the column that it reads by another method.
        weights: of the pooled model.
        usual: the mean size of a column's reason over the training rows.
    """

    x: Float[Tensor, "hospital row feature"]
    liked: Float[Tensor, "hospital row feature"]
    ill: Float[Tensor, "hospital row"]
    measured: Bool[Tensor, "hospital column"]
    assay: Int[Tensor, " hospital"]
    weights: Float[Tensor, " feature_and_one"]
    usual: Float[Tensor, " column"]

    @property
    def damage(self) -> Float[Tensor, " hospital"]:
        """The pooled model's squared error as measured, less that on the patients as liked."""
        return self._error(self.x) - self._error(self.liked)

    @property
    def reread(self) -> Float[Tensor, " hospital"]:
        """The damage that is left if the odd column is read by the usual method."""
        own = self.assay[:, None, None].expand(*self.x.shape[:2], 1)
        here = self.measured.gather(1, self.assay[:, None])[..., None]
        usual = self.liked.gather(2, own).where(here, self.x.gather(2, own))
        return self._error(self.x.scatter(2, own, usual)) - self._error(self.liked)

    def odd_reasons(self, weights: Float[Tensor, " column"]) -> Float[Tensor, "hospital column"]:
        """Return how far each column's reason is moved: its mean, or all of it, if not measured.

        The reason of a column is its weight times its distance from the training mean, so its mean
        over training rows is 0.
        """
        moved = (self.x[..., : len(weights)].mean(1) * weights).abs()
        lost = self.usual / self.weights[: len(weights)].abs().clamp_min(1e-9) * weights.abs()
        return moved.where(self.measured, lost)

    def mended(self, column: Int[Tensor, " hospital"]) -> Float[Tensor, " hospital"]:
        """Return the damage that is left if one column is put into units of the hospital itself.

        Where its mean lies within `USUAL` deviations of the training mean it is left alone.
        """
        own = column[:, None, None].expand(*self.x.shape[:2], 1)
        read = self.x.gather(2, own)
        mean, size = read.mean(1, keepdim=True), read.std(1, keepdim=True, correction=0)
        anew = ((read - mean) / size.where(size > 0, 1)).where(mean.abs() > USUAL, read)
        return self._error(self.x.scatter(2, own, anew)) - self._error(self.liked)

    def _error(self, x: Tensor) -> Float[Tensor, " hospital"]:
        said = x @ self.weights[:-1] + self.weights[-1]
        return (said - self.ill).square().mean(-1)


def asked(name: str, *, deal: int, shifts: Shifts | None = None) -> Asked:
    """Make new hospitals of the half of the patients that the model has not seen."""
    made, cut = world(name, deal=deal, shifts=shifts, n_new=N_ASKED, apart=False, size=N_SEEN)
    fold = leave(cut, "new")
    new, n_columns = rows_of(fold.table, fold.out), made.plain.shape[1]
    plain = made.table.x.clone()
    plain[new] = 0.0  # no "... missing"
    plain[new, :n_columns] = made.plain[new]
    liked = leave(replace(cut, table=replace(made.table, x=plain)), "new").table.x
    pooled = patients_apart(fold, made.patient).pooled
    trained = fold.table.x[~new][:, :n_columns]
    shape = (N_ASKED, -1, fold.table.x.shape[1])
    return Asked(
        fold.table.x[new].view(shape),
        liked[new].view(shape),
        fold.table.y[new].view(N_ASKED, -1),
        made.measured[N_TRAINED:],
        made.assay[N_TRAINED:],
        pooled,
        (trained * pooled[:n_columns]).abs().mean(0),
    )


def signals(found: Asked, *, seed: int) -> Mapping[str, Float[Tensor, " hospital"]]:
    """Return what each signal says of each hospital; more should mean more damage.

    "reasons" adds up how far the reasons are moved, or lost; "reasons moved" and "reasons lost" are
    its two parts. "columns" does the same for the columns themselves, without a model. "strange
    reasons" takes the weights of the model in another order.
    """
    n = found.measured.shape[1]
    weights = found.weights[:n]
    order = torch.randperm(n, generator=seeded(seed))
    even = torch.ones_like(weights)
    return {
        "reasons": found.odd_reasons(weights).sum(-1),
        "columns": found.odd_reasons(even).sum(-1),
        "strange reasons": found.odd_reasons(weights[order]).sum(-1),
        "reasons moved": found.odd_reasons(weights).where(found.measured, 0).sum(-1),
        "reasons lost": found.odd_reasons(weights).where(~found.measured, 0).sum(-1),
        "columns lost": (~found.measured).float().sum(-1),
    }


def suspected(found: Asked, *, seed: int) -> Mapping[str, Int[Tensor, " hospital"]]:
    """Return the measured column whose reason, or whose mean, is moved most.

    "strange reasons" takes the weights in another order.
    """
    n = found.measured.shape[1]
    order = torch.randperm(n, generator=seeded(seed))
    by = {
        "reasons": found.weights[:n],
        "columns": torch.ones(n),
        "strange reasons": found.weights[:n][order],
    }
    return {
        name: found.odd_reasons(weights).where(found.measured, -1).argmax(-1)
        for name, weights in by.items()
    }


def named(found: Asked, *, seed: int) -> Mapping[str, float]:
    """Return how often the suspected column is the one that is read by another method.

    Hospitals that do not measure that column are left out.
    """
    known = found.measured.gather(1, found.assay[:, None])[:, 0]
    return {
        name: float((column == found.assay)[known].double().mean())
        for name, column in suspected(found, seed=seed).items()
    }
