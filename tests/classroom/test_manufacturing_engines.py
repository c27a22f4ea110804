"""Engines are judged after their first cycles only, by others' lives and by their own."""

import pytest
import torch

from metaxai_lab.classroom import manufacturing_engines as study
from metaxai_lab.core import seeded
from metaxai_lab.tasks.task_table import TaskTable


@pytest.fixture(scope="module")
def table():
    """Return engines whose one sensor rises by the same amount in all, over lives that differ."""
    g = seeded(0)
    lives = torch.randint(150, 300, (40,), generator=g).tolist()
    x = torch.cat([torch.arange(n).float() / n for n in lives])
    noise = 0.02 * torch.randn(len(x), 3, generator=g)
    cycle = torch.cat([torch.arange(1, n + 1) for n in lives]).float()
    left = torch.cat([torch.arange(n - 1, -1, -1) for n in lives]).float()
    task = torch.arange(40).repeat_interleave(torch.tensor(lives))
    columns = torch.cat([cycle[:, None], x[:, None] + noise], 1)
    names = tuple(map(str, range(40)))
    return TaskTable(columns, left, task, ("cycle", "a", "b", "c"), names, "left")


@pytest.fixture(scope="module")
def all_(table):
    return study.engines(table, range(30))


def error(way, all_, at=120):
    by, asked = torch.arange(30), torch.arange(30, 40)
    return float((way(all_, by, asked, at) - (all_.life[asked] - at)).abs().mean())


def test_engines_lie_side_by_side_cycle_by_cycle(table, all_):
    first = table.x[table.task == 3][:, 1]
    laid = all_.z[3, : len(first), 0]
    assert torch.corrcoef(torch.stack([first, laid]))[0, 1] > 0.9999
    assert not all_.z[3, len(first) :].any()


def test_where_wear_is_a_line_the_engine_itself_tells_its_life(all_):
    assert error(study.by_line, all_) < 8


@pytest.mark.parametrize("way", [study.by_ridge_now, study.by_likeness])
def test_others_tell_it_too_and_better_than_their_mean(way, all_):
    assert error(way, all_) < 0.5 * error(study.by_mean, all_)


@pytest.mark.parametrize("way", study.WAYS.values())
def test_nobody_looks_at_what_comes_after(way, all_):
    by, asked = torch.arange(30), torch.arange(30, 40)
    other = all_.z.clone()
    other[30:, 90:] = 1e3
    changed = study.Engines(other, all_.life)
    assert torch.equal(way(all_, by, asked, 90), way(changed, by, asked, 90))


def test_each_engine_is_judged_once_after_each_number_of_cycles(table):
    found = study.judged_engines(table, seed=0)
    assert found.errors["own"].shape == (len(study.CYCLES), 40)
    assert all(
        bool((errors > 0).all()) for name, errors in found.errors.items() if name != "median life"
    )  # a median can be one engine's very life
