"""Three columns act, hidden among many; what is planted can be found again."""

import pytest
import torch

from metaxai_lab.classroom.hidden_columns import N_ACTING, OWN, SHARED, HiddenColumns
from metaxai_lab.core import seeded


def test_tasks_share_their_columns_or_do_not():
    fixed, own = (tables.unseen(20, k_shot=2, seed=0).truth[:, 0] for tables in (SHARED, OWN))
    assert fixed.any(0).sum() == N_ACTING
    assert own.any(0).sum() > N_ACTING
    assert own.sum(1).tolist() == [N_ACTING] * 20


@pytest.mark.parametrize("tables", [SHARED, OWN, HiddenColumns(n_columns=5)])
def test_the_columns_that_act_explain_the_target_but_for_the_noise(tables):
    some = tables.draw(30, k_shot=40, n_query=40, generator=seeded(0))
    for rows in (some.support, some.query):
        acting = torch.stack([x[:, t] for x, t in zip(rows.x, some.truth[:, 0], strict=True)])
        found = torch.linalg.lstsq(acting, rows.y[..., None]).solution
        left = (acting @ found)[..., 0] - rows.y
        assert left.square().mean() == pytest.approx(0.01 * (1 - N_ACTING / 40), rel=0.1)


def test_targets_have_a_variance_of_one():
    some = SHARED.unseen(400, k_shot=2, seed=0)
    assert some.query.y.square().mean() == pytest.approx(1.0, abs=0.1)


def test_support_and_query_of_a_task_share_their_weights():
    some = OWN.draw(1, k_shot=40, n_query=40, generator=seeded(0))
    acting = some.truth[0, 0]
    one, other = (
        torch.linalg.lstsq(rows.x[0][:, acting], rows.y[0, :, None]).solution
        for rows in (some.support, some.query)
    )
    assert torch.allclose(one, other, atol=0.1)


def test_all_columns_look_alike():
    some = SHARED.unseen(200, k_shot=10, seed=0)
    assert some.support.x.shape == (200, 10, 200)
    spread = some.support.x.flatten(0, 1).std(0)
    assert spread.min() > 0.9
    assert spread.max() < 1.1


def test_the_same_seed_draws_the_same_tables():
    one, same, other = (SHARED.unseen(2, k_shot=3, seed=s).support.x for s in (0, 0, 1))
    assert one.equal(same)
    assert not one.equal(other)
