"""A model goes to a new hospital: who errs least, and whom does its advice help?

Half of the patients of a table make the hospitals that a learner is trained on; two new hospitals
are made of the other half, and no patient is in both of these. A learner, ridge and lasso on few
local patients, and one pooled ridge see the same rows and are judged on the same others, by error
and by net benefit: right alarms, less false ones at the price that the threshold sets.
Source: Vickers & Elkin (2006), for net benefit beside treating all and treating none.
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Num
from torch import Tensor

from metaxai_lab.classroom.left_out import LEARNED, SIZES, LeftOut
from metaxai_lab.classroom.left_out_rounds import N_DRAWS, one_round
from metaxai_lab.classroom.medicine_rivals import patients_apart
from metaxai_lab.classroom.tables_abreast import train_all
from metaxai_lab.classroom.tables_rivals import Rivals
from metaxai_lab.classroom.tables_study import Cut, Fold, leave
from metaxai_lab.core import seeded
from metaxai_lab.evaluation.intervals import Interval, t_interval
from metaxai_lab.learners import SharedStart
from metaxai_lab.tasks.hospitals import KNOWN, Hospitals, Shifts, hospitals, patients, together

N_TRAINED, N_NEW, SIZE = 24, 2, 70  # hospitals trained on and left out, and patients of each
THRESHOLDS = (0.2, 0.3, 0.4, 0.5)
THRESHOLD = 0.3  # a patient is followed up from this chance on: 1 missed is as bad as 2.3 in vain
STEPS = 80
WORLDS: Mapping[str, Shifts] = {
    "hospitals differ": Shifts(),
    "hospitals are alike": Shifts(0.0, 0.0, 0.0, 0.0),
    "signs are tossed": Shifts(0.0, 0.0, 0.0, 0.0, turned=0.5),
}


@dataclass(frozen=True)
class Region:
    """One deal of the patients: hospitals to train on, and new ones.

    Args:
        pooled: what is fitted without the new hospitals.
        learner: what was trained without them.
    """

    made: Hospitals
    fold: Fold
    pooled: Rivals
    learner: SharedStart


@dataclass(frozen=True)
class Study:
    """What new hospitals gave.

    Args:
        left: errors.
        gain: by name the net benefit beyond what is better in a hospital, treating all or none.
        at: the same of the learner alone, by threshold.
    """

    left: LeftOut
    gain: Mapping[str, Float[Tensor, "size unit"]]
    at: Mapping[float, Float[Tensor, "size unit"]]

    def mean_gain(self, name: str, size: int) -> Interval:
        """Return the gain of somebody at a size, with its interval over regions."""
        return over_regions(self.gain[name][self.left.sizes.index(size)])

    def lead(self, rival: str, size: int) -> Interval:
        """Return the rival's error less the learner's, in hundredths, over regions."""
        return over_regions(100 * (self.left.of(rival, size) - self.left.of(LEARNED, size)))

    def safe_from(self, gain: Float[Tensor, "size unit"]) -> int:
        """Return the fewest patients from which on the interval of a gain is above 0, or 0."""
        safe = 0
        for size, values in zip(reversed(self.left.sizes), gain.flip(0), strict=True):
            if over_regions(values).low <= 0:
                break
            safe = size
        return safe

    def harmed(self, name: str, size: int) -> float:
        """Return the share of hospitals that would have been better off without the model."""
        return float((self.gain[name][self.left.sizes.index(size)] < 0).double().mean())


def world(
    name: str,
    *,
    deal: int,
    shifts: Shifts | None = None,
    n_new: int = N_NEW,
    apart: bool = True,
    size: int = SIZE,
) -> tuple[Hospitals, Cut]:
    """Deal the patients of a table anew: each second deal swaps the halves of the one before.

    Args:
        apart: no patient is in two of the new hospitals.
    """
    whole = patients(name)  # type: ignore[arg-type]
    order = torch.randperm(len(whole.y), generator=seeded(deal // 2)).chunk(2)
    pools = order if deal % 2 == 0 else order[::-1]
    drawing, shifts = seeded(1000 + deal), shifts or Shifts()
    known = {"shifts": shifts, "first": KNOWN[name], "generator": drawing}
    old = hospitals(whole, pools[0], n=N_TRAINED, size=SIZE, **known)
    new = hospitals(whole, pools[1], n=n_new, size=size, apart=apart, **known)
    made = together(old, new)
    old_names = made.table.task_names[:N_TRAINED]
    groups: dict[str, tuple[int, ...]] = {title: (task,) for task, title in enumerate(old_names)}
    groups["new"] = tuple(range(N_TRAINED, N_TRAINED + n_new))
    return made, Cut(made.table, groups, ("new",), n_query=SIZE - max(SIZES), rows=(5, 50))


def region(name: str, *, deal: int, shifts: Shifts | None = None) -> Region:
    """Deal the patients, and train without the new hospitals."""
    return regions(name, deals=[deal], shifts=shifts)[0]


def regions(name: str, *, deals: Sequence[int], shifts: Shifts | None = None) -> list[Region]:
    """Deal the patients several times, and train a learner for each, all side by side."""
    worlds = [world(name, deal=deal, shifts=shifts) for deal in deals]
    made = [each for each, _ in worlds]
    found = [patients_apart(leave(cut, "new"), each.patient) for each, cut in worlds]
    learners = train_all(found, seeds=deals, steps=STEPS)
    each = zip(made, found, learners, strict=True)
    return [Region(hospital, one.fold, one, learner) for hospital, one, learner in each]


def study(regions: Sequence[Region], *, sizes: Sequence[int] = SIZES) -> Study:
    """Judge everyone on the new hospitals of all regions; the region is the unit of intervals."""
    parts = [[_judged(one, size, deal) for size in sizes] for deal, one in enumerate(regions)]
    found = {  # by name: size, measure, hospital
        name: torch.cat([torch.stack([size[name] for size in one]) for one in parts], -1)
        for name in parts[0][0]
    }
    units = tuple(f"region {deal}, {new}" for deal in range(len(regions)) for new in range(N_NEW))
    errors = {name: values[:, -1] for name, values in found.items()}
    gain = {name: values[:, THRESHOLDS.index(THRESHOLD)] for name, values in found.items()}
    at = {threshold: found[LEARNED][:, place] for place, threshold in enumerate(THRESHOLDS)}
    return Study(LeftOut(errors, tuple(sizes), units), gain, at)


def over_regions(values: Float[Tensor, " unit"]) -> Interval:
    """Return the mean with its interval; hospitals of a region share a learner: one unit."""
    return t_interval(values.view(-1, N_NEW))


def net_benefit(
    advised: Num[Tensor, "*tasks row"], ill: Num[Tensor, "*tasks row"], threshold: float
) -> Float[Tensor, "*tasks"]:
    """Return right alarms less the price of false ones, for each patient.

    Args:
        advised: 1 or true where the model says: follow up; a share, where it does so sometimes.
        threshold: the chance of illness from which on it says so.
    """
    price = threshold / (1 - threshold)
    return (advised.double() * (ill - price * (1 - ill))).mean(-1)


def beyond_simple(
    advised: Num[Tensor, "*tasks row"], ill: Num[Tensor, "*tasks row"], threshold: float
) -> Float[Tensor, "*tasks"]:
    """Return the net benefit beyond the better of following up all and none."""
    everybody = net_benefit(torch.ones_like(ill), ill, threshold)
    return net_benefit(advised, ill, threshold) - everybody.clamp_min(0)


def _judged(one: Region, size: int, seed: int) -> dict[str, Float[Tensor, "measure unit"]]:
    asked = one_round(one.pooled, one.learner, one.fold.out, size, seed=seed)
    query = asked.rows.query
    return {
        name: torch.stack([*_gains(line(query.x)[..., 0], query.y), _by_unit(line.errors(query))])
        for name, line in asked.lines.items()
    }


def _gains(said: Float[Tensor, "drawn row"], ill: Tensor) -> list[Float[Tensor, " unit"]]:
    """Return the gain at each threshold; the simple policy is chosen once for each hospital."""
    spent = ((said >= t).float() for t in THRESHOLDS)
    pairs = [
        (_by_unit(net_benefit(yes, ill, t)), _by_unit(net_benefit(torch.ones_like(ill), ill, t)))
        for t, yes in zip(THRESHOLDS, spent, strict=True)
    ]
    return [own - everybody.clamp_min(0) for own, everybody in pairs]


def _by_unit(values: Float[Tensor, " drawn"]) -> Float[Tensor, " unit"]:
    return values.double().reshape(-1, N_DRAWS).mean(1).cpu()
