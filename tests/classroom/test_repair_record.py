"""The record of the repair page is made by its own code, read, or says how it is made."""

from dataclasses import replace

import pytest

from metaxai_lab.classroom import repair_record, repair_study
from metaxai_lab.classroom.record import Record, store
from metaxai_lab.classroom.repair_record import COMMAND, OTHERS, PLACE, name_of, stored_repair


def test_what_is_stored_is_read_again(tmp_path):
    record = Record({"command": COMMAND}, {name_of(1): [0.5, 0.6]})
    store(record, tmp_path / "record.json")
    assert stored_repair(tmp_path / "record.json") == record


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"benchmarks/repair.py --store"):
        stored_repair(tmp_path / "none.json")


def test_the_record_beside_the_page_holds_each_number_of_boxes_for_each_other_seed():
    assert (PLACE.parent / "repair_and_deploy.ipynb").is_file()
    for n_boxes in repair_record.FEWER:
        assert len(stored_repair()[name_of(n_boxes)]) == len(OTHERS)


def test_each_number_of_boxes_repairs_the_faulty_learner_of_each_seed(monkeypatch):
    tiny = replace(repair_study.plan(), faulty=2, repair=1, n_judged=2)
    seen, repaired = [], repair_study.repaired

    def watched(learner, marked, **how):
        seen.append((int(marked.forbidden.any(1).sum()), how["seed"]))
        return repaired(learner, marked, **how)

    monkeypatch.setattr(repair_study, "plan", lambda: tiny)
    monkeypatch.setattr(repair_study, "repaired", watched)
    found = dict(repair_record.fewer_boxes())
    assert seen == [(1, 1), (1, 2), (4, 1), (4, 2)]
    assert all(0 <= one <= 1 for values in found.values() for one in values)
