"""A copy of a run is whole, and apart from it."""

import pytest
import torch
from torch import nn
from torch.optim import AdamW

from metaxai_lab.core import seeded
from metaxai_lab.learners.run import Checkpoint, Run, digest


@pytest.fixture
def run():
    learner = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    optimizer = AdamW(learner.parameters(), lr=0.1)
    return Run(learner, optimizer, seeded(0), torch.device("cpu"), torch.zeros(5))


def move(run, step):
    """Move all that moves."""
    run.optimizer.zero_grad()
    run.learner(torch.randn(4, 3, generator=run.generator)).square().sum().backward()
    run.optimizer.step()
    run.losses[step] = torch.rand(())  # draws from the global state


def contents(run):
    """Return the tensors of a run, one by one, read without `snapshot`."""
    memory = [t for state in run.optimizer.state.values() for t in state.values()]
    states = [run.generator.get_state(), torch.get_rng_state()]
    return [t.clone() for t in [*run.learner.state_dict().values(), *memory, *states]]


def test_put_back_a_run_goes_on_as_it_went_before(run):
    with torch.random.fork_rng():
        move(run, 0)
        kept = run.snapshot(1)
        move(run, 1)
        first = contents(run), run.losses.clone()
        run.restore(kept)
        move(run, 1)
        second = contents(run), run.losses
    assert all(torch.equal(a, b) for a, b in zip(first[0], second[0], strict=True))
    assert torch.equal(first[1], second[1])


def test_what_a_run_does_later_does_not_move_its_copy(run):
    with torch.random.fork_rng():
        move(run, 0)
        kept = run.snapshot(1)
        before = digest(kept.tensors)
        run.restore(kept)
        move(run, 1)
    assert digest(kept.tensors) == before


def test_put_back_before_its_first_step_a_run_has_no_memory(run):
    kept = run.snapshot(0)
    with torch.random.fork_rng():
        move(run, 0)
    run.restore(kept)
    assert not run.optimizer.state


def test_a_copy_knows_where_its_run_began(run):
    start = run.snapshot(0).place
    with torch.random.fork_rng():
        move(run, 0)
    assert run.snapshot(1).start == start
    assert run.snapshot(1).place != start


def test_a_place_is_told_apart_by_its_weights(run):
    before = run.snapshot(0).place
    with torch.no_grad():
        run.learner[0].weight[0, 0] += 1e-6
    assert run.snapshot(0).place != before


def test_a_place_is_told_apart_by_its_generator(run):
    before = run.snapshot(0).place
    torch.rand(1, generator=run.generator)
    assert run.snapshot(0).place != before


def test_a_part_has_its_tensors_under_their_own_names():
    one = torch.zeros(1)
    kept = Checkpoint(0, "", {"learner.a.b": one, "learners": one, "optimizer.0.step": one})
    assert list(kept.part("learner")) == ["a.b"]


@pytest.mark.parametrize(
    "other",
    [
        {"b": torch.zeros(4)},
        {"a": torch.zeros(2, 2)},
        {"a": torch.zeros(4, dtype=torch.int32)},
        {"a": torch.tensor([0.0, 0.0, 0.0, -0.0])},
    ],
    ids=["name", "shape", "type", "bits"],
)
def test_a_digest_tells_apart_tensors_of_another(other):
    assert digest(other) != digest({"a": torch.zeros(4)})


def test_a_digest_does_not_see_how_a_tensor_lies_in_memory():
    square = torch.arange(6.0).reshape(2, 3)
    assert digest({"a": square.T.contiguous().T}) == digest({"a": square})
