"""Few failures are judged beside a long log; more failures err less and name more."""

import torch

from metaxai_lab.classroom import manufacturing_sound as sounding


def test_more_failures_err_less_and_name_both_sensors_more_often():
    judged = sounding.with_sound_log(3)
    for name in (sounding.OWN, sounding.SHARED):
        assert judged.errors[name].shape == (4, 30)
        assert bool((judged.errors[name].mean(1).diff() < 0).all())
        assert float(judged.named[name][3].mean()) > float(judged.named[name][0].mean()) + 0.2


def test_a_penalty_is_judged_on_modes_of_other_pairs():
    others = sounding._others(6)
    assert torch.equal(others[:3, :3], torch.zeros(3, 3))
    assert torch.allclose(others.sum(1), torch.ones(6))
