"""Tasks through an eye: maps of unit spread, the same maps alone and stored."""

import torch

from metaxai_lab.classroom.judged_eye import Front, new_tasks, seen_through, through
from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import ConvEncoder
from metaxai_lab.tasks import glyphs


def front_of(n_blocks=2, **settings):
    with initialised_with(seeded(0)):
        eye = ConvEncoder().eval()
    return Front(eye, n_blocks, glyphs("validation"), **settings).eval()


def test_the_maps_of_a_table_have_unit_spread_and_mean_nought_where_centred():
    (seen,) = seen_through(front_of(centred=True), glyphs("validation"))
    assert abs(float(seen.z.mean())) < 1e-4
    assert abs(float(seen_through(front_of(), glyphs("validation"))[0].z.std()) - 1) < 1e-3


def test_a_fit_returns_the_table_as_the_front_then_sees_it():
    front, table = front_of(), glyphs("validation")
    fitted = front.fit(table, centred=True)
    assert torch.allclose(fitted.z, seen_through(front, table)[0].z, atol=1e-5)


def test_two_blocks_leave_seven_by_seven_cells():
    assert front_of()(torch.rand(2, 3, 784, generator=seeded(0))).shape == (2, 3, 32 * 49)


def test_an_episode_through_the_front_keeps_its_labels():
    new, front = new_tasks(glyphs("validation"), n_tasks=2, seed=0), front_of()
    seen = through(front, new)
    assert torch.equal(seen.support.y, new.support.y)
    assert torch.allclose(seen.query.x[1], front(new.query.x[1]), atol=1e-5)


def test_tasks_come_from_their_seed_with_the_support_in_random_order():
    one, same = (new_tasks(glyphs("validation"), n_tasks=2, seed=0) for _ in range(2))
    assert torch.equal(one.query.x, same.query.x)
    assert not torch.equal(one.support.y, one.support.y.sort(-1).values)
    assert one.query.y.shape == (2, 25)
