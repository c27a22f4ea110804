"""Randomness comes from the generator that was passed, and from nowhere else."""

from contextlib import suppress

import numpy as np
import pytest
import torch
from torch import Generator, Tensor, nn

from metaxai_lab.core import fork, initialised_with, numpy_seeded, seeded


def draw(generator: Generator) -> Tensor:
    return torch.rand(4, generator=generator)


def weights(generator: Generator) -> Tensor:
    with initialised_with(generator):
        return nn.Linear(3, 2).weight.detach()


def test_one_seed_gives_one_sequence() -> None:
    assert draw(seeded(3)).equal(draw(seeded(3)))


def test_two_seeds_give_two_sequences() -> None:
    assert not draw(seeded(3)).equal(draw(seeded(4)))


def test_what_a_child_draws_does_not_move_its_parent() -> None:
    quiet, busy = seeded(0), seeded(0)
    fork(quiet)
    draw(fork(busy))
    assert draw(quiet).equal(draw(busy))


def test_two_children_of_one_parent_draw_differently() -> None:
    parent = seeded(0)
    assert not draw(fork(parent)).equal(draw(fork(parent)))


def test_one_seed_gives_one_network() -> None:
    assert weights(seeded(0)).equal(weights(seeded(0)))


def test_a_generator_gives_another_network_each_time() -> None:
    generator = seeded(0)
    assert not weights(generator).equal(weights(generator))


def test_initialising_leaves_the_global_state_as_it_was() -> None:
    before = torch.get_rng_state()
    weights(seeded(0))
    assert torch.get_rng_state().equal(before)


def test_initialising_restores_the_global_state_when_a_network_cannot_be_built() -> None:
    before = torch.get_rng_state()
    with suppress(RuntimeError), initialised_with(seeded(0)):
        raise RuntimeError
    assert torch.get_rng_state().equal(before)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Generator:
    """Stand in for the generator of the one CUDA device of a process in which CUDA runs."""
    card = seeded(7)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda device: card.get_state())
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda state, device: card.set_state(state))
    monkeypatch.setattr(torch.cuda, "manual_seed_all", card.manual_seed)
    return card


def test_initialising_leaves_a_running_device_as_it_was(card: Generator) -> None:
    before = card.get_state()
    with initialised_with(seeded(0)):
        draw(card)
    assert card.get_state().equal(before)


def test_a_running_device_draws_from_the_generator(card: Generator) -> None:
    drawn = []
    for seed in (0, 0, 1):
        with initialised_with(seeded(seed)):
            drawn.append(draw(card))
    assert drawn[0].equal(drawn[1])
    assert not drawn[0].equal(drawn[2])


def test_cuda_that_does_not_run_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeding it would wait in a queue, and reach it once it starts."""
    seeds: list[int] = []
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeds.append)
    weights(seeded(0))
    assert not seeds


def test_numpy_draws_from_the_seed_and_then_goes_on_as_if_nothing_had_been() -> None:
    with numpy_seeded(0):
        ahead = np.random.random(2)  # noqa: NPY002
    with numpy_seeded(5):
        expected = np.random.RandomState(5).random_sample(3)
        with suppress(KeyError), numpy_seeded(0):
            raise KeyError(np.random.random())  # noqa: NPY002
        assert (np.random.random(3) == expected).all()  # noqa: NPY002
        with numpy_seeded(0):
            assert (np.random.random(2) == ahead).all()  # noqa: NPY002
