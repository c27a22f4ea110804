"""The desk keeps its own word; lists read off its files do not, and mended ones do."""

import pytest
import torch

from metaxai_lab.classroom import causes_rules as desk
from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers.rule_constraints import is_broken_by


@pytest.fixture(scope="module")
def audit():
    return desk.audit(100)


def test_files_are_whole_numbers_on_the_grid():
    rows = desk.files(500, generator=seeded(0))
    assert torch.equal(rows.x, rows.x.round())
    assert (rows.x >= torch.tensor(desk.GRID.low)).all()
    assert (rows.x <= torch.tensor(desk.GRID.high)).all()


def test_the_share_of_wrong_decisions_is_the_noise():
    rows = desk.files(20_000, generator=seeded(1))
    assert float((desk.desk(rows.x) != rows.y.bool()).float().mean()) == pytest.approx(
        0.15, abs=0.01
    )


def test_the_desk_keeps_every_constraint_where_a_search_looks():
    def model(x):
        return desk.desk(x).float()[..., None] - 0.5

    for constraint in desk.CONSTRAINTS:
        assert not desk.searched(model, constraint, 20_000, generator=seeded(2))


def test_a_list_breaks_some_and_each_shown_row_breaks_it(audit):
    assert audit.n_broken > 0
    right, shown = desk.confirmed(audit)
    assert right == shown == audit.n_broken + len(audit.mended.found)


def test_the_mended_list_keeps_all_where_solver_and_search_look(audit):
    assert desk.left_over(audit.mended.rules) == 0
    for constraint in desk.CONSTRAINTS:
        assert not desk.searched(audit.mended.rules, constraint, 20_000, generator=seeded(3))


def test_a_long_search_finds_what_the_solver_finds_here(audit):
    assert audit.missed[10_000] <= audit.missed[1000] <= audit.missed[100]


def test_solver_and_cells_say_the_same(audit):
    assert desk.solver_is_right(audit) == len(desk.CONSTRAINTS)
    assert desk.left_in_cells(audit.rules) == audit.n_broken
    assert desk.left_in_cells(audit.mended.rules) == 0


def test_the_desk_counts_points_without_rounding():
    # 6 income - 6 debt + 10 years - 105 late + 45: nought is a no, and one more year a yes
    at_nought = torch.tensor([[10.0, 0.0, 0.0, 1.0], [10.0, 0.0, 1.0, 1.0]])
    assert desk.desk(at_nought).tolist() == [False, True]


def test_a_wrong_order_costs_agreement():
    assert desk.told_wrongly(100) < 0


def test_agreement_by_hand():
    rows = Examples(torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([0, 1, 0]))
    assert desk.agreement(lambda x: x - 1.5, rows) == pytest.approx(2 / 3)


def test_what_was_found_on_the_way_to_mending_is_kept(audit):
    constraint, rows = audit.mended.found[0]
    assert is_broken_by(audit.rules, constraint, rows)
