"""An explanation made for deletion: its order is that of greed, and its judge is pleased."""

import pytest
import torch

from metaxai_lab.classroom.disagreement_judges import judges_of
from metaxai_lab.classroom.disagreement_tasks import kind_of
from metaxai_lab.classroom.pleasing import pleasing, shares_of
from metaxai_lab.core import Attribution, Score, seeded
from metaxai_lab.evaluation.admission import in_random_places


def test_in_a_plain_sum_greed_orders_columns_as_exact_values_do():
    kind = kind_of("additive", n_tasks=2, n_rows=4)
    made = pleasing(kind, "mean")
    acts = kind.exact.values.abs() > 1e-4
    for values, exact, own in zip(
        made.values.flatten(0, 1), kind.exact.values.flatten(0, 1), acts.flatten(0, 1), strict=True
    ):
        assert values[own].argsort().tolist() == exact[own].argsort().tolist()


def test_its_judge_likes_it_better_than_exact_values():
    kind = kind_of("products, correlated", n_tasks=4, n_rows=8)
    judge = judges_of(kind)["deletion, rows"]
    assert judge(pleasing(kind, "rows")).mean < judge(kind.exact).mean


def test_its_values_have_the_mean_and_the_spread_of_the_exact_ones():
    kind = kind_of("networks", n_tasks=2, n_rows=3)
    made, exact = pleasing(kind, "rows").values, kind.exact.values
    torch.testing.assert_close(made.mean(-1), exact.mean(-1))
    torch.testing.assert_close(made.std(-1), exact.std(-1))


@pytest.mark.parametrize("higher", [True, False])
def test_shares_put_chance_at_0_and_exact_values_at_1(higher):
    def judge(a):
        return Score("sum", a.values.sum(-1), higher_is_better=higher)

    def of(total):
        rows = torch.zeros(2, 3)
        rows[:, 0] = total
        return Attribution(rows, rows, rows[:, 0], rows[:, 0])

    found = shares_of(judge, of(10.0), of(4.0), {"half": of(7.0), "exact": of(10.0)})
    assert found == pytest.approx({"half": 0.5, "exact": 1.0})


def test_random_places_are_0_on_the_scale_of_shares():
    kind = kind_of("networks", n_tasks=2, n_rows=3)
    luck = in_random_places(kind.exact, seeded(0))
    judge = judges_of(kind)["sufficiency"]
    assert shares_of(judge, kind.exact, luck, {"luck": luck})["luck"] == 0
