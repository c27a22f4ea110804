"""A line of the other patients has not seen a hospital's own, wherever these lie."""

import pytest
import torch

from metaxai_lab.classroom.medicine_rivals import patients_apart
from metaxai_lab.classroom.medicine_study import world
from metaxai_lab.classroom.tables_study import leave


@pytest.fixture(scope="module")
def world_one():
    made, cut = world("diabetes", deal=0)
    return made, leave(cut, "new")


def test_a_line_of_the_others_does_not_move_with_a_patient_of_the_hospital(world_one):
    made, fold = world_one
    before = patients_apart(fold, made.patient).others["hospital 0"]
    own = torch.isin(made.patient, made.patient[made.table.task == 0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("metaxai_lab.classroom.medicine_rivals.PENALTIES", (100.0,))
        kept = patients_apart(fold, made.patient).others["hospital 0"]
        fold.table.y[own] = 1 - fold.table.y[own]
        after = patients_apart(fold, made.patient).others["hospital 0"]
        fold.table.y[own] = 1 - fold.table.y[own]
    assert torch.allclose(kept, after, atol=1e-6)
    assert before.shape == kept.shape


def test_the_pooled_line_uses_all_patients(world_one):
    made, fold = world_one
    found = patients_apart(fold, made.patient)
    apart = torch.stack(list(found.others.values()))
    assert (apart - found.pooled).norm(dim=1).min() > 1e-3
