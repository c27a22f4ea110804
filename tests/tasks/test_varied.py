"""One task in many looks: labels stay, a task turns as one, blank may get a ground."""

import torch

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks import varied as room


def task(x, y):
    return Episode(Examples(x, y), Examples(x[:2], y[:2]), x[:2] > 0.5)


def pictures():
    return torch.rand(5, 784, generator=seeded(0)), torch.tensor([0, 1, 2, 3, 4])


def test_labels_and_shapes_stay_and_the_truth_goes():
    x, y = pictures()
    found = room.varied(task(x, y), share=1.0, generator=seeded(1))
    assert found.support.y.equal(y)
    assert found.query.y.equal(y[:2])
    assert found.support.x.shape == x.shape
    assert found.query.x.shape == (2, 784)
    assert found.truth is None


def test_one_seed_gives_one_look_and_the_task_is_left_as_it_was():
    x, y = pictures()
    before = x.clone()
    one, again, other = (room.varied(task(x, y), share=1.0, generator=seeded(s)) for s in (1, 1, 2))
    assert one.support.x.equal(again.support.x)
    assert not one.support.x.equal(other.support.x)
    assert x.equal(before)


def test_what_is_drawn_by_lot_goes_to_the_device_of_the_pictures():
    x, y = (part.to("meta") for part in pictures())
    found = room.varied(task(x, y), share=1.0, generator=seeded(1))
    assert found.support.x.device.type == "meta"


def test_half_of_the_tasks_come_back_as_they_are():
    x, y = pictures()
    g = seeded(0)
    same = sum(room.varied(task(x, y), generator=g).support.x.equal(x) for _ in range(400)) / 400
    assert abs(same - 0.5) < 0.1


def test_a_task_turns_as_one_and_all_eight_ways_come():
    x = torch.zeros(2, 1, 28, 28)
    x[:, :, 2, 5] = 1
    found = [room._turned(x, seeded(s)) for s in range(60)]
    assert all(one[0].equal(one[1]) for one in found)
    assert len({tuple(one[0].nonzero()[0].tolist()) for one in found}) == 8


def test_a_stroke_gets_thicker_or_stays():
    x = torch.zeros(1, 1, 28, 28)
    x[..., 10, 10] = 1
    sizes = {int(room._thicker(x, seeded(s)).sum()) for s in range(40)}
    assert sizes == {1, 4, 9}
    assert room._thicker(x, seeded(0)).shape == x.shape


def test_bright_becomes_dark_in_half_of_the_tasks_and_blank_gets_a_ground_in_half():
    g = seeded(0)
    ink, blank = torch.ones(1, 1, 28, 28), torch.zeros(1, 1, 28, 28)
    dark = sum(float(room._recoloured(ink, g).mean()) < 0 for _ in range(400)) / 400
    ground = sum(bool(room._recoloured(blank, g).any()) for _ in range(400)) / 400
    assert abs(dark - 0.5) < 0.1
    assert abs(ground - 0.5) < 0.1
