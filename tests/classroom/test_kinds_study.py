"""The planted gate, the patients, and what happens when columns change places or go away."""

import pytest
import torch
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

from metaxai_lab.classroom import kinds_study
from metaxai_lab.core import seeded
from metaxai_lab.tasks import table


@pytest.fixture(scope="module")
def patients():
    return kinds_study.patients(0, steps=60)


def linear(x):
    return x @ torch.tensor([[2.0], [0.0], [-3.0]])


def test_a_gate_acts_through_one_product_and_has_no_weight():
    tasks = kinds_study.planted(20, generator=seeded(0))
    gate = kinds_study.gate(tasks)
    assert torch.equal(gate.sum(1), torch.ones(20))
    assert not tasks.weights[gate].any()
    assert torch.equal((tasks.products[gate] != 0).sum(1), torch.ones(20))


def test_the_other_columns_that_act_keep_their_weights():
    tasks = kinds_study.planted(20, generator=seeded(0))
    others = tasks.relevant & ~kinds_study.gate(tasks)
    assert torch.equal(tasks.weights != 0, others)


def test_the_network_tells_new_patients_far_above_the_larger_class(patients):
    said = patients.model(patients.new.x)[:, 0] > 0
    assert (said == patients.new.y.bool()).float().mean() > 0.9
    assert patients.new.y.float().mean() < 0.5


def test_patients_are_either_learned_from_or_new(patients):
    seen, new = ({tuple(row) for row in part.x.tolist()} for part in (patients.seen, patients.new))
    assert len(seen) + len(new) == 569
    assert not seen & new


def test_measurements_are_standardised_by_the_patients_learned_from(patients):
    assert torch.allclose(patients.seen.x.mean(0), torch.zeros(10), atol=1e-5)
    assert torch.allclose(patients.seen.x.std(0), torch.ones(10))
    assert not torch.allclose(patients.new.x.mean(0), torch.zeros(10), atol=1e-3)


def test_the_columns_have_the_names_of_the_table(patients):
    places = patients.columns(kinds_study.SIZE_COLUMNS)
    assert [patients.names[i] for i in places] == ["radius", "perimeter", "area"]
    among = torch.corrcoef(patients.seen.x[:, places].mT)
    assert among.min() > 0.9


def test_a_seed_decides_the_split_and_the_network():
    one, same, other = (kinds_study.patients(seed, steps=2) for seed in (1, 1, 2))
    assert torch.equal(one.model(one.new.x), same.model(one.new.x))
    assert not torch.equal(one.new.x, other.new.x)


def test_networks_of_two_seeds_begin_with_other_weights():
    one, other = (kinds_study.patients(seed, steps=0).model for seed in (1, 2))
    assert not torch.equal(one.layers[0].weight, other.layers[0].weight)


def test_permuting_a_column_of_a_linear_model_costs_twice_its_variance():
    x = torch.randn(4000, 3, generator=seeded(0))
    for column, cost in enumerate((2 * 4.0, 0.0, 2 * 9.0)):
        found = kinds_study.permuted(
            linear, x, torch.tensor([column]), n_repeats=20, generator=seeded(1)
        )
        assert found == pytest.approx(cost, rel=0.05)


def test_columns_that_are_permuted_together_stay_together():
    x = torch.randn(500, 1, generator=seeded(0)) * torch.tensor([3.0, 0.0, 2.0])
    together = kinds_study.permuted(
        linear, x, torch.tensor([0, 2]), n_repeats=3, generator=seeded(1)
    )
    assert together == pytest.approx(0.0, abs=1e-8)  # 2 * 3 - 3 * 2, whichever the row


def test_permuting_leaves_the_rows_as_they_were():
    x = torch.randn(50, 3, generator=seeded(0))
    kept = x.clone()
    kinds_study.permuted(linear, x, torch.tensor([0]), n_repeats=1, generator=seeded(1))
    assert torch.equal(x, kept)


def test_a_column_that_is_taken_away_gets_the_mean_of_a_linear_model():
    x = torch.tensor([[1.0, 1.0, 1.0], [2.0, 5.0, 4.0]])
    background = torch.tensor([[0.0, 9.0, 1.0], [6.0, 9.0, 1.0]])
    moved = kinds_study.without(linear, x, torch.tensor([0, 2]), background)
    assert torch.allclose(moved, torch.tensor([4.0, 9.0]))  # 2 * |1 - 3| and 3 * |4 - 1|


def test_permuting_costs_what_scikit_learn_says():
    x = torch.randn(300, 3, generator=seeded(0))
    y = linear(x)[:, 0]
    fitted = LinearRegression().fit(x, y)
    judge = permutation_importance(
        fitted,
        x.numpy(),
        y.numpy(),
        scoring="neg_mean_squared_error",
        n_repeats=100,
        random_state=0,
    ).importances_mean
    found = kinds_study.importance(linear, x, n_repeats=100, generator=seeded(1))
    assert found.tolist() == pytest.approx(judge, rel=0.03, abs=1e-6)


def test_a_row_is_marked_with_what_its_own_path_asks():
    x = torch.tensor([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    tree = DecisionTreeRegressor(max_depth=2).fit(x, [-9.0, 1.0, 4.0])
    assert kinds_study.asked_about(tree, x).tolist() == [
        [True, False, False],
        [True, True, False],
        [True, True, False],
    ]


def test_a_plane_repeats_a_plane_on_new_rows():
    x, new = torch.randn(2, 20, 3, generator=seeded(0))
    found = kinds_study.plane(x, linear(x) + 7)
    assert torch.allclose(found(new), linear(new) + 7, atol=1e-4)


def test_a_plane_gives_the_mean_where_nothing_is_linear():
    x = torch.tensor([[-2.0], [-1.0], [1.0], [2.0]])
    found = kinds_study.plane(x, x.square())
    assert torch.allclose(found(x), torch.full((4, 1), 2.5))


def test_a_measurement_is_that_of_the_largest_nuclei(patients):
    whole = table("breast_cancer")
    (radius,) = patients.columns(["radius"])
    found = torch.cat([patients.seen.x, patients.new.x])[:, radius].sort().values
    wanted = whole.x[:, whole.feature_names.index("worst radius")].sort().values
    assert torch.corrcoef(torch.stack([found, wanted]))[0, 1] > 1 - 1e-6
