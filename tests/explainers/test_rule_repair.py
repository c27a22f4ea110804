"""A mended list keeps every constraint, judged on every row of a small grid, not by the solver."""

import itertools

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import grow_tree, rules_of
from metaxai_lab.explainers.rule_conflicts import ContradictionError
from metaxai_lab.explainers.rule_constraints import Always, Grid, Monotone, is_broken_by, meets
from metaxai_lab.explainers.rule_repair import mend

GRID = Grid((0, 0, 0), (5, 5, 5), (1.0, 1.0, 1.0))
CORNER = Always("yes in the corner", ((0, 3.0, True), (1, 3.0, True)), answer=True)
EDGE = Always("no at the edge", ((2, 4.0, True), (0, 2.0, False)), answer=False)
ORDERS = (Monotone("a", 0), Monotone("b", 1), Monotone("c", 2, rising=False))
ALL = torch.tensor(list(itertools.product(range(6), repeat=3))).float()


def random_list(seed):
    labels = torch.randint(0, 2, (len(ALL),), generator=seeded(seed))
    return rules_of(grow_tree(ALL, labels, depth=4, min_rows=3)), labels


def answers_by_row(rules):
    said = (rules(ALL)[:, 0] > 0).reshape(6, 6, 6)
    return said


def keeps_orders(said):
    a, b = said.long().diff(dim=0), said.long().diff(dim=1)
    c = said.long().diff(dim=2)
    return bool((a >= 0).all() and (b >= 0).all() and (c <= 0).all())


@pytest.mark.parametrize("seed", range(5))
def test_a_mended_list_keeps_all_on_every_row(seed):
    rules, labels = random_list(seed)
    constraints = [CORNER, EDGE, *ORDERS]
    assert not keeps_orders(answers_by_row(rules))
    mended = mend(rules, constraints, GRID, x=ALL, labels=labels)
    said = answers_by_row(mended.rules)
    assert keeps_orders(said)
    assert said.flatten()[meets(CORNER.conditions, ALL)].all()
    assert not said.flatten()[meets(EDGE.conditions, ALL)].any()


def test_what_was_found_broke_a_list_and_rows_are_counted():
    rules, labels = random_list(0)
    mended = mend(rules, ORDERS, GRID, x=ALL, labels=labels)
    constraint, rows = mended.found[0]
    assert is_broken_by(rules, constraint, rows)
    assert mended.confirmed == len(mended.found)
    assert int(mended.rules.n_rows.sum()) == len(ALL)
    assert len(mended.rules.value) == len(rules.value) + len(mended.found)


def test_a_list_that_keeps_its_word_stays_as_it_was():
    labels = (ALL[:, 0] > 2).long()
    rules = rules_of(grow_tree(ALL, labels, depth=2))
    mended = mend(rules, ORDERS[:1], GRID, x=ALL, labels=labels)
    assert not mended.found
    assert torch.equal(mended.rules(ALL), rules(ALL))


def test_of_two_rules_the_one_that_fewer_rows_speak_for_gives_way():
    labels = (ALL[:, 0] <= 2).long()  # a falls: yes below, no above
    rules = rules_of(grow_tree(ALL, labels, depth=1))
    many_yes = torch.cat([ALL, ALL[labels == 1], ALL[labels == 1]])
    told = torch.cat([labels, labels[labels == 1], labels[labels == 1]])
    assert (mend(rules, ORDERS[:1], GRID, x=many_yes, labels=told).rules(ALL) > 0).all()
    many_no = torch.cat([ALL, ALL[labels == 0]])
    told = torch.cat([labels, labels[labels == 0]])
    assert (mend(rules, ORDERS[:1], GRID, x=many_no, labels=told).rules(ALL) < 0).all()


def test_constraints_that_clash_are_refused_before_anything_is_mended():
    rules, labels = random_list(1)
    against = Always("no in the corner", CORNER.conditions, answer=False)
    with pytest.raises(ContradictionError, match="yes in the corner; no in the corner"):
        mend(rules, [CORNER, against], GRID, x=ALL, labels=labels)
