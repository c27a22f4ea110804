"""What is known of a trip, and what a judge makes of it: on trips that can be worked out."""

import pytest
import torch
from torch.nn.functional import softplus

from metaxai_lab.classroom import driving_judges as judges
from metaxai_lab.classroom.driving_study import TAP, always, expert, fresh, never
from metaxai_lab.tasks.road import HORIZON


@pytest.fixture(scope="module")
def driven():
    return judges.outcomes(expert, seed=1, n=60)


def test_columns_worked_out_begin_with_the_raw_ones(driven):
    seen, grip = driven.seen[:, 5], driven.grip[:, 5]
    worked = judges.worked(seen, grip)
    assert worked.shape[-1] == len(judges.WORKED)
    assert torch.equal(worked[:, : len(judges.RAW)], judges.raw(seen, grip))


def test_every_state_decided_is_visited_and_no_other(driven):
    rows, did = judges.visited(driven, judges.raw)
    assert len(rows) == len(did) == int(driven.going[:, TAP:].sum())


def test_two_rules_on_worked_columns_say_what_the_expert_does(driven):
    rules = judges.rule_tree(driven, judges.worked, depth=2)
    raw = judges.rule_tree(driven, judges.raw, depth=2)
    assert judges.agreement(rules, driven, judges.worked) > 0.95
    assert judges.agreement(raw, driven, judges.raw) < 0.95


def test_attention_that_is_even_lies_on_braked_steps_by_their_share(driven):
    mass, share = judges.on_braked(fresh(0, reads="evenly"), driven)
    torch.testing.assert_close(mass, share)


def test_masking_a_step_that_is_not_read_moves_nothing(driven):
    weights, moved = judges.masked_steps(fresh(0, reads="braked"), driven, now=30)
    assert weights.shape == moved.shape
    assert float(moved[weights == 0].max()) < 1e-5
    assert float(moved[weights > 0].max()) > 1e-3


def test_a_reason_is_one_hazard_and_both_come_evenly(driven):
    seen, felt, bend = judges.reasons_to_brake(driven, n=20)
    assert len(seen) == len(felt) == 20
    assert int(bend.sum()) == 10


def test_a_share_of_a_column_that_is_as_usual_is_nought():
    row = torch.tensor([[40.0, 10.0, 12.0, 100.0, 80.0, 4.0]])
    moved = row.clone()
    moved[0, 0] = 5.0
    values = judges.shares(fresh(0), row, moved)[0]
    assert values[1:].abs().max() < 1e-6 < values[0].abs()


def test_the_worst_state_missed_had_no_room_and_was_driven_on():
    reckless = judges.outcomes(never, seed=1, n=60, tap=0)
    _, room, grip = judges.worst_missed(reckless)
    assert float(room.min()) < 0 < grip
    assert reckless.seen.shape[1] == HORIZON


def test_who_always_brakes_is_unharmed_and_gets_nowhere(driven):
    stood = judges.outcomes(always, seed=1, n=60)
    assert judges.harm(stood) == 0
    assert judges.metres(stood) < 0.1 * judges.metres(driven)


def test_the_rule_by_hand_brakes_where_a_room_is_below_nought():
    rows = torch.tensor([[9.0, -1.0, 2.0], [9.0, 1.0, 2.0]])
    assert (judges.by_hand(rows)[:, 0] > 0).tolist() == [True, False]


def test_the_nearer_of_two_is_the_guess():
    seen = torch.tensor([[40.0, 10.0, 12.0, 100.0, 80.0], [40.0, 10.0, 12.0, 30.0, 80.0]])
    assert judges.nearer_is_bend(seen).tolist() == [False, True]


def test_a_belief_without_a_memory_is_one_number(driven):
    net = fresh(0, reads="nothing")
    said = 0.5 + softplus(3.5 + 5 * net.grip.bias.detach())
    wanted = (said - driven.grip[driven.decided]).abs().mean()
    assert judges.belief_off(net, driven) == pytest.approx(float(wanted), abs=1e-4)
