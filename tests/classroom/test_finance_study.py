"""A new branch: its files, its line in points, and what is left of a column that is held."""

import pytest
import torch

from metaxai_lab.classroom.finance_study import held, open_bank, points, reasons, regions
from metaxai_lab.core import Examples, seeded
from metaxai_lab.tasks.credit import DISTANCE, DISTRICT, MIDDLE, credit_family


@pytest.fixture(scope="module")
def bank():
    family = credit_family(n_tasks=8, n_rows=160, generator=seeded(0))
    return open_bank(family, seed=0)


def test_a_region_is_left_out_with_all_its_branches(bank):
    cut = regions(bank.family)
    assert sorted(task for tasks in cut.groups.values() for task in tasks) == list(range(8))
    assert not set(bank.fold.out) & set(bank.fold.trained)


def test_a_line_in_points_says_what_the_learner_says_of_the_standardised_rows(bank):
    first, rest = bank.files(0, 10)
    table = bank.fold.table
    model = bank.learner.adapt(Examples(table.x[first], table.y[first]))
    centre, scale = table.target_scale
    said = model(table.x[rest])[:, 0].detach() * scale + centre
    ours = points(bank.branch(0, 10), bank.family.table.x[rest])
    assert torch.allclose(said, ours, atol=2e-3)


def test_a_column_that_nobody_sees_has_no_weight(bank):
    blind = open_bank(bank.family, seed=0, without=(DISTRICT, DISTANCE))
    weights = blind.branch(0, 10).weights
    assert weights[[DISTRICT, DISTANCE]].tolist() == [0, 0]
    assert bool((weights[:DISTRICT] != 0).all())
    assert float(points(blind.branch(0, 10), bank.family.table.x).mean()) == pytest.approx(
        50, abs=9
    )


def test_a_column_that_is_held_no_longer_moves_an_answer(bank):
    model = bank.branch(0, 10)
    x = bank.family.table.x[:50]
    other = x.clone()
    other[:, DISTRICT] = 1 - other[:, DISTRICT]
    fair = held(model, DISTRICT, 0.4)
    assert torch.equal(points(fair, x), points(fair, other))
    x[:, DISTRICT] = 0.4
    assert torch.allclose(points(fair, x), points(model, x), atol=1e-3)


def test_reasons_add_up_to_the_points_beside_the_middle_applicant(bank):
    model, middle, x = bank.branch(0, 10), torch.tensor(MIDDLE), bank.family.table.x[:20]
    apart = points(model, x) - points(model, middle[None])
    assert torch.allclose(reasons(model, x, middle).sum(1), apart, atol=1e-3)


def test_another_draw_gives_other_files(bank):
    assert not torch.equal(bank.files(0, 10)[0], bank.files(0, 10, draw=1)[0])
