"""Methods explain alike when asked twice, and one is exact where it should be."""

import torch

from metaxai_lab.classroom.disagreement_methods import explainers_of
from metaxai_lab.classroom.disagreement_tasks import kind_of


def test_occlusion_of_a_sum_is_exact_where_absent_is_the_mean():
    kind = kind_of("additive", n_tasks=2, n_rows=4)
    values = explainers_of(kind)["occlusion"](kind.model, kind.rows, target=0).values
    torch.testing.assert_close(values, kind.exact.values, atol=1e-5, rtol=0)


def test_methods_draw_the_same_twice():
    kind = kind_of("trees", n_tasks=2, n_rows=3)
    one, other = (
        explainers_of(kind)["random"](kind.model, kind.rows, target=0).values for _ in range(2)
    )
    assert torch.equal(one, other)
