"""The record of the page on travelling explainers is read, or says how it is made."""

import pytest
import torch

from metaxai_lab.classroom import travelling_record as room
from metaxai_lab.classroom.record import Record, store
from metaxai_lab.classroom.travelling_ladder import Rung
from metaxai_lab.classroom.travelling_record import COMMAND, stored_travelling


def test_what_is_stored_is_read_again(tmp_path):
    record = Record({"command": COMMAND}, {"closed form, error": [0.1, 0.2]})
    store(record, tmp_path / "record.json")
    assert stored_travelling(tmp_path / "record.json") == record


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"benchmarks/travelling.py --store"):
        stored_travelling(tmp_path / "none.json")


def test_a_missing_number_names_its_own_command():
    with pytest.raises(KeyError, match=r"benchmarks/travelling.py"):
        Record({"command": COMMAND}, {})["closed form, error"]


def test_controls_are_means_over_seeds_for_each_network(monkeypatch):
    def rungs(one, *, seed):
        exact = room.exact_shapley(room.Game(one.model, one.background), one.rows).values
        return {"strange start, few": Rung((1 + seed) * exact, 1, 0.0)}

    monkeypatch.setattr(room.ladder, "control_rungs", rungs)
    ((name, errors),) = room.controls(seeds=(1, 3))
    assert name == "strange start, few, error"
    assert errors == pytest.approx([2.0, 2.0, 2.0], abs=1e-5)  # 1 and 3 times the exact values


def test_the_error_is_a_share_of_the_length_of_the_exact_values():
    exact = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    assert room.error(torch.zeros(2, 2), exact) == pytest.approx(1)
    assert room.error(exact + torch.tensor([[5.0, 0], [0, 0]]), exact) == pytest.approx(0.5)
