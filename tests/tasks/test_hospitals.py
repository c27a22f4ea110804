"""Hospitals made by code: who comes, how a laboratory reads, what is not measured."""

from itertools import pairwise

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.hospitals import Shifts, hospitals, patients, together

NOTHING = Shifts(0.0, 0.0, 0.0, 0.0)


def make(shifts, *, n=6, size=30, first=2, apart=False, seed=0):
    whole = patients("diabetes")
    pool = torch.arange(0, 442, 2)
    return whole, hospitals(
        whole,
        pool,
        n=n,
        size=size,
        shifts=shifts,
        first=first,
        apart=apart,
        generator=seeded(seed),
    )


def test_about_half_of_the_patients_are_ill():
    ill = patients("diabetes").y
    assert ill.unique().tolist() == [0, 1]
    assert 0.45 < ill.float().mean() < 0.55


def test_malignant_is_ill_and_ten_means_are_kept():
    whole = patients("breast_cancer")
    assert int(whole.y.sum()) == 212
    assert whole.x.shape == (569, 10)


def test_without_shifts_rows_are_those_of_the_table():
    whole, made = make(NOTHING)
    whole_rows = {tuple(row) for row in whole.x[::2].round(decimals=2).tolist()}
    rows = {tuple(row) for row in made.table.x.round(decimals=2).tolist()}
    near = torch.cdist(made.table.x.double(), whole.x[::2].double()).min(1)
    assert near.values.max() < 1e-3
    assert torch.equal(whole.y[::2][near.indices], made.table.y)
    assert len(rows) <= len(whole_rows)


def test_only_the_assay_column_is_read_otherwise():
    _, made = make(Shifts(0.0, 2.0, 0.4, 0.0))
    changed = (made.table.x - made.plain).abs() > 1e-3
    for task, column in enumerate(made.assay.tolist()):
        here = changed[made.table.task == task].any(0)
        assert here.nonzero()[:, 0].tolist() == [column]


def test_an_offset_moves_the_mean_by_that_many_deviations():
    whole, made = make(Shifts(0.0, 2.0, 0.0, 0.0))
    size = whole.x.std(0, correction=0)
    for task, column in enumerate(made.assay.tolist()):
        rows = made.table.task == task
        moved = (made.table.x - made.plain)[rows][:, column] / size[column]
        assert torch.allclose(moved, made.offset[task].expand(30), atol=1e-4)


def test_columns_that_every_hospital_has_are_never_lost():
    _, made = make(Shifts(unmeasured=1.0))
    assert made.measured[:, :2].all()
    assert not made.measured[:, 2:].any()
    assert made.table.x[:, 2:].isnan().all()


def test_referral_spreads_the_share_of_the_ill():
    def spread(referral):
        _, made = make(Shifts(referral=referral), n=40, seed=3)
        return made.table.y.view(40, -1).float().mean(1).std()

    assert spread(1.5) > 2 * spread(0.0)


def test_hospitals_apart_share_no_patient():
    _, made = make(NOTHING, n=3, size=70, apart=True)
    parts = [made.plain[made.table.task == task] for task in range(3)]
    assert all(torch.cdist(a, b, p=1).min() > 1e-4 for a, b in pairwise(parts))


def test_hospitals_that_need_more_patients_than_there_are_are_refused():
    with pytest.raises(ValueError, match=r"4 hospitals of 70 patients need 280 of them"):
        make(NOTHING, n=4, size=70, apart=True)


def test_together_an_empty_cell_is_said_in_a_column():
    _, one = make(Shifts(unmeasured=0.5))
    _, other = make(Shifts(unmeasured=0.5), n=2, seed=1)
    both = together(one, other)
    assert both.table.task_names[-2:] == ("new hospital 0", "new hospital 1")
    place = both.table.feature_names.index("s5")
    said = both.table.feature_names.index("s5 missing")
    assert torch.equal(both.table.x[:, place].isnan(), both.table.x[:, said] == 1)


def test_turned_columns_count_the_other_way_round():
    whole, made = make(Shifts(0.0, 0.0, 0.0, 0.0, turned=1.0))
    flipped = 2 * whole.x.mean(0) - made.table.x
    assert torch.cdist(flipped.double(), whole.x[::2].double()).min(1).values.max() < 1e-2


def test_of_hospitals_apart_the_last_has_a_referral_of_its_own_too():
    made = [make(Shifts(3.0, 0.0, 0.0, 0.0), n=3, size=70, apart=True, seed=s) for s in range(12)]
    shares = torch.stack([one.table.y.view(3, 70).float().mean(1) for _, one in made])
    spread = shares.std(0)
    assert spread.min() > 0.6 * spread.max()
