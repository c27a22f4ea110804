"""Watchers: what each may know, on streams whose change is known; labels come late."""

import pytest
import torch

from metaxai_lab.classroom import real_time_drift as room
from metaxai_lab.core import Examples, seeded
from metaxai_lab.learners.linear_model import LinearModel
from metaxai_lab.tasks.streams import draw_streams


class LeastSquares:
    """A learner that needs no training: the plain line of the rows."""

    def adapt(self, support: Examples) -> LinearModel:
        ones = torch.ones_like(support.x[..., :1])
        found = torch.linalg.lstsq(torch.cat([support.x, ones], -1), support.y[..., None]).solution
        return LinearModel(found[..., :-1, 0], found[..., -1, 0])


def served(kind, seed=0, n_runs=30):
    streams = draw_streams(kind, n_runs=n_runs, generator=seeded(seed))
    return room.serve(LeastSquares(), streams)


def test_labels_are_known_late_and_not_before():
    changed, quiet = served("other columns"), served("quiet")
    same = (changed.weights == quiet.weights).all(-1).all(0)
    first = int((~same).nonzero()[0])
    assert 400 + room.LATE <= first < 400 + room.LATE + room.STRIDE + room.LABELLED


def test_the_line_that_keeps_learning_arrives_in_the_new_world():
    found = served("other columns")
    off = (found.weights[:, -1] - found.streams.weights[:, -1]).norm(dim=-1)
    assert float(off.mean()) < 0.6
    assert float((found.first[0][:, 0] - found.streams.weights[:, -1]).norm(dim=-1).mean()) > 1


def test_reasons_add_up_to_what_the_line_says_beside_the_middle():
    found = served("quiet")
    usual = (found.weights * found.middle).sum(-1) + found.level
    assert torch.allclose(found.reasons().sum(-1), found.said() - usual, atol=1e-4)


def test_a_model_that_stays_explains_the_same_whatever_the_world_does():
    assert torch.equal(served("signs turn").first_reasons(), served("quiet").first_reasons())


@pytest.mark.parametrize("watcher", ["inputs", "first model's explanations"])
def test_who_sees_no_target_is_blind_to_the_world(watcher):
    one, other = (room.watched(served(kind))[watcher] for kind in ("other columns", "quiet"))
    assert torch.equal(one.nan_to_num(), other.nan_to_num())


def test_who_sees_it_is_not():
    one, other = (room.watched(served(kind)) for kind in ("other columns", "quiet"))
    for watcher in ("errors, by labels", room.READAPTED, "weights"):
        assert (
            float((one[watcher][:, -1] > other[watcher].nan_to_num().amax(1)).float().mean()) > 0.8
        )


def test_errors_count_when_their_label_is_known():
    found = served("level")
    weights, level = found.first
    wrong = ((weights * found.streams.x).sum(-1) + level - found.streams.y).square()
    assert torch.equal(found.errors()[:, 423], wrong[:, 400])
    assert torch.equal(found.errors()[:, 420], wrong[:, 400])
    assert torch.equal(found.errors()[:, 419], wrong[:, 396])


def test_streams_served_in_parts_are_all_there_and_all_new(monkeypatch):
    monkeypatch.setattr(room, "TOGETHER", 20)
    found = room.watched_anew(LeastSquares(), "quiet", seed=3, n_runs=50)
    assert {len(one) for one in found.values()} == {50}
    assert len(found["inputs"][:, -1].unique()) == 50


def test_a_bound_is_passed_by_as_many_quiet_streams_as_it_aims_at():
    limits = room.bounds(LeastSquares(), seed=5, n_runs=300)
    found = room.watched_anew(LeastSquares(), "quiet", seed=5, n_runs=300)
    for name, one in found.items():
        assert int((one.nan_to_num() > limits[name]).any(1).sum()) == 300 * room.AIM


def test_bounds_are_kept_by_quiet_streams_and_drift_is_heard():
    limits = room.bounds(LeastSquares(), seed=5, n_runs=200)
    quiet = room.heard(LeastSquares(), "quiet", limits, seed=6, n_runs=100)
    drift = room.heard(LeastSquares(), "other columns", limits, seed=7, n_runs=100)
    assert quiet["inputs"].false() < 0.08
    assert drift["errors, by labels"].noticed(400) > 0.8
    assert drift[room.MIXED].noticed(400) < 0.1


def test_blame_goes_to_the_columns_that_won():
    found = served("other columns", n_runs=50)
    after = found.streams.weights[:, -1] != 0
    won = room.blamed(found, 600).topk(3).indices
    assert float(after.gather(1, won).float().mean()) > 0.9
