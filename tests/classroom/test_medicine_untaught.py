"""Outcomes are dealt anew within training hospitals, and nowhere else."""

import torch

from metaxai_lab.classroom import medicine_study as medicine
from metaxai_lab.classroom import medicine_untaught as room


def test_who_is_untaught_saw_as_many_ill_in_each_hospital_and_the_rivals_stay(monkeypatch):
    seen = []

    def train_all(found, **how):
        seen.extend(each.fold for each in found)
        return [one.learner]

    one = medicine.region("diabetes", deal=0)
    monkeypatch.setattr(room, "train_all", train_all)
    [found] = room.untaught([one], seeds=[3])
    table, dealt = one.fold.table, seen[0].table
    assert torch.equal(dealt.x, table.x)
    assert torch.equal(dealt.task, table.task)
    for task in one.fold.trained:
        here = table.task == task
        assert not torch.equal(dealt.y[here], table.y[here])
        assert dealt.y[here].sum() == table.y[here].sum()
    new = torch.isin(table.task, torch.tensor(one.fold.out))
    assert torch.equal(dealt.y[new], table.y[new])
    assert found.pooled is one.pooled
    assert found.fold is one.fold
