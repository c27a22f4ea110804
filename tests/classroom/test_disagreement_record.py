"""The gate that is kept: written, read, and the one beside the page."""

import pytest

from metaxai_lab.classroom import disagreement_record as record
from metaxai_lab.classroom.disagreement_tasks import KINDS
from metaxai_lab.evaluation import Admission


def test_what_is_written_is_read(tmp_path, monkeypatch):
    bad = Admission("PGI", 0.5, 0.1, {"gradient": 1.2}, ("above.",))
    asked = []

    def gate(kind, *, n_models, n_rows, seed):
        asked.append((kind, n_models))
        return {"PGI": bad}

    monkeypatch.setattr(record, "gate_of", gate)
    record.write(tmp_path / "gate.json", n_models=7)
    found, n = record.read(tmp_path / "gate.json")
    assert n == 7
    assert asked == [(kind, 7) for kind in KINDS]
    assert found["trees"]["PGI"].shares == {"gradient": 1.2}
    assert found["trees"]["PGI"].reasons == ("above.",)
    assert not found["trees"]["PGI"].admitted


def test_the_kept_gate_lets_in_deletion_by_rows_and_refuses_entropy_everywhere():
    found, n = record.read()
    assert n >= 40
    assert set(found) == set(KINDS)
    assert all(each["deletion, rows"].admitted for each in found.values())
    assert not any(each["entropy"].admitted for each in found.values())


def test_a_missing_record_names_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match="python -m metaxai_lab"):
        record.read(tmp_path / "gate.json")
