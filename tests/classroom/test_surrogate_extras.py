"""What else was tried is measured by the same bench."""

import pytest
import torch

from metaxai_lab.classroom import surrogate_extras as extras
from metaxai_lab.classroom import surrogate_study as study


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(study, "plan", lambda: study.Plan(20, 6, 3))


@pytest.mark.usefixtures("small")
def test_each_number_of_teachers_is_learned_from_with_and_without_steps():
    found = extras.teachers_met(1, counts=(20,))
    assert list(found) == ["met 20, 0 steps", "met 20, 5 steps"]
    assert all(40 < mark < 100 for mark in found.values())


@pytest.mark.usefixtures("small")
def test_perfect_weights_find_all_columns_that_matter():
    on = study.bench(1)
    found = extras._recovered(on, on.unseen.relevance)
    assert found["found by gates"] == 1.0
    assert found["found by correlation"] < 1.0


@pytest.mark.usefixtures("small")
def test_equal_weights_give_cart_of_depth_3():
    on = study.bench(1)
    asked, even = on.asked(30), torch.ones(6, on.unlabelled.shape[-1])
    plain = [
        float(on.marks(extras.grow_stack(asked.x, asked.y > 0, least_rows=n)).mean())
        for n in (1, 3, 5)
    ]
    assert extras._guided(on, 30, even) == max(plain)


@pytest.mark.usefixtures("small")
def test_a_process_fitted_to_thirty_answers_makes_better_trees_than_cart():
    on = study.bench(1)
    assert extras._fitted(on, 30) > float(study.cart(on, 30).mean())
