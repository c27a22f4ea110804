"""A labeller answers for a teacher after a few questions, one teacher or a stack alike."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers.labeller import Labeller


def asked(n_rows=12, n_tasks=3):
    x = torch.randn(n_tasks, n_rows, 4, generator=seeded(0))
    return Examples(x, (2 * x[..., 0]).sin())


@pytest.mark.parametrize("steps", [0, 3])
def test_a_stack_of_teachers_is_served_as_each_alone(steps):
    many, new = asked(), torch.randn(3, 5, 4, generator=seeded(1))
    labeller = Labeller(4)
    together = labeller.adapt(many, steps)(new)
    for i in range(3):
        alone = labeller.adapt(Examples(many.x[i], many.y[i]), steps)(new[i])
        assert torch.allclose(alone, together[i], atol=1e-4)


def test_steps_raise_the_likelihood_and_the_relevance_of_the_column_that_matters():
    labeller, told = Labeller(4), asked(40)
    with torch.no_grad():
        before, after = labeller.adapt(told), labeller.adapt(told, 10)
    assert bool((after.surprise() < before.surprise()).all())
    assert bool((after.kernel.relevance.argmax(-1) == 0).all())


def test_without_steps_every_teacher_gets_the_shared_relevance():
    labeller = Labeller(4)
    kernel = labeller.adapt(asked()).kernel
    assert torch.equal(kernel.relevance, labeller.log_relevance.exp().expand(3, 4))


def test_one_relevance_for_all_columns_serves_any_width_and_steps_tell_columns_apart():
    labeller = Labeller(None)
    for width in (2, 5):
        x = torch.randn(9, width, generator=seeded(2))
        kernel = labeller.adapt(Examples(x, x[:, 0]), 5).kernel
        assert kernel.relevance.shape == (width,)
        assert float(kernel.relevance.detach().std()) > 0


def test_gradients_reach_the_start_the_step_and_the_pull_through_the_steps():
    labeller = Labeller(4)
    labeller.adapt(asked(), 2)(torch.ones(3, 2, 4)).sum().backward()
    learned = [labeller.log_relevance, labeller.log["step"], labeller.log["pull"]]
    assert all(p.grad is not None and float(p.grad.abs().sum()) > 0 for p in learned)


def test_one_question_and_constant_columns_are_enough_to_answer():
    x = torch.zeros(1, 4)
    found = Labeller(4).adapt(Examples(x, torch.tensor([-0.5])), 3)(torch.ones(6, 4))
    assert bool(found.isfinite().all())
    assert bool((found < 0).all())


def test_a_teacher_of_one_class_is_answered_for_by_that_class_where_it_was_asked():
    x = torch.randn(10, 4, generator=seeded(3))
    found = Labeller(4).adapt(Examples(x, torch.ones(10)), 3)(x)
    assert bool((found > 0).all())


def test_rows_asked_twice_do_no_harm():
    x = torch.ones(8, 4)
    found = Labeller(4).adapt(Examples(x, torch.tensor([1.0, 1.2] * 4)), 2)(x)
    assert bool(found.isfinite().all())


def test_nan_is_refused():
    x = torch.randn(5, 4, generator=seeded(4))
    y = x[:, 0].clone()
    y[2] = torch.nan
    with pytest.raises(ValueError, match="found NaN or infinity"):
        Labeller(4).adapt(Examples(x, y))


def test_no_question_is_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="one question at least"):
        Labeller(4).adapt(Examples(torch.zeros(0, 4), torch.zeros(0)))


def test_other_columns_than_those_it_knows_are_refused():
    with pytest.raises(ValueError, match=r"knows 4 columns .* found 3"):
        Labeller(4).adapt(Examples(torch.zeros(2, 3), torch.zeros(2)))


def test_a_labeller_of_no_columns_is_refused():
    with pytest.raises(ValueError, match="found 0"):
        Labeller(0)


def test_one_way_through_all_steps_stops_where_each_number_of_steps_ends():
    told, labeller, new = asked(), Labeller(4), torch.ones(3, 2, 4)
    for found, steps in zip(labeller.along(told, (3, 0, 7)), (3, 0, 7), strict=True):
        assert torch.equal(found(new), labeller.adapt(told, steps)(new))
    assert not torch.equal(found(new), labeller.adapt(told, 6)(new))
