"""Effects judged by hand, by (I - B)^-1 and by arithmetic; circles are named."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.causal import CycleError, causal_model

MACHINE = ("load", "heat", "wear", "alarm")
ARROWS = {
    ("load", "heat"): 3.0,
    ("heat", "wear"): 2.0,
    ("load", "wear"): 1.0,
    ("wear", "alarm"): 1.5,
}


def machine(**more):
    return causal_model(MACHINE, ARROWS, **more)


def random_models(n_models=30, n=5):
    draw = torch.randn(n_models, n, n, generator=seeded(0), dtype=torch.float64)
    names = [f"c{i}" for i in range(n)]
    arrows = {(names[p], names[c]): draw[:, c, p] for c in range(n) for p in range(c)}
    return causal_model(names, arrows)


def test_a_total_effect_by_hand():
    total = machine().total_effects()
    assert total[2, 0] == 3 * 2 + 1
    assert total[2, 1] == 2
    assert total[2, 3] == 0
    assert total[3, 0] == 7 * 1.5


def test_simulated_effects_are_the_analytic_ones():
    models = random_models()
    noise = models.draw_noise(20, generator=seeded(1))
    for parent in models.names:
        for child in models.names:
            found = models.effect(parent, child, noise)
            known = models.total_effects()[:, models.place(child), models.place(parent)]
            assert torch.allclose(found, known, atol=1e-9)


def test_an_effect_that_bends_by_hand():
    bent = causal_model(("x", "m", "y"), {("x", "m"): 2.0}, bends={("m", "y"): 0.5})
    noise = bent.draw_noise(100_000, generator=seeded(2))
    # y = m^2 / 2 and m = 2 x + e: from x = 0 to x = 3 its mean moves by (36 + 1) / 2 - 1 / 2
    assert float(bent.effect("x", "y", noise, high=3.0)) == pytest.approx(18, abs=0.1)
    with pytest.raises(ValueError, match="depend on the values that are set"):
        bent.total_effects()


def test_rows_have_the_covariance_that_the_paths_give():
    model = machine(noise={"heat": 2.0})
    rows = model.rows(model.draw_noise(200_000, generator=seeded(3)))
    assert torch.allclose(rows.T.cov(), model.covariance(), rtol=0.03)


def test_who_intervenes_changes_one_mechanism_and_nothing_upstream():
    model = machine()
    noise = model.draw_noise(50, generator=seeded(4))
    before, after = model.rows(noise), model.do("heat", 5.0).rows(noise)
    assert (after[:, 1] == 5).all()
    assert torch.equal(after[:, 0], before[:, 0])
    assert torch.allclose(after[:, 2], before[:, 2] + 2 * (5 - before[:, 1]))


def test_each_model_of_a_batch_is_set_to_its_own_value():
    models = random_models(3)
    rows = models.do("c1", torch.tensor([1.0, 2.0, 3.0])).rows(
        models.draw_noise(2, generator=seeded(5))
    )
    assert rows[:, :, 1].tolist() == [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]


def test_a_model_alone_is_as_in_the_batch():
    models = random_models(4)
    noise = models.draw_noise(6, generator=seeded(6))
    alone = causal_model(
        models.names,
        {(p, c): models.weights[2, models.place(c), models.place(p)] for p, c in models.arrows},
    )
    assert torch.allclose(alone.rows(noise[2]), models.rows(noise)[2])


def test_a_circle_is_refused_and_named():
    with pytest.raises(CycleError, match="heat -> wear -> heat"):
        causal_model(MACHINE, {**ARROWS, ("wear", "heat"): 0.1})
    with pytest.raises(CycleError, match="load -> load"):
        causal_model(MACHINE, {("load", "load"): 1.0})


def test_a_circle_is_named_without_what_hangs_below_it():
    with pytest.raises(CycleError, match=r"circle: (b -> c -> b|c -> b -> c)\."):
        causal_model(("a", "b", "c"), {("b", "c"): 1.0, ("c", "b"): 1.0, ("b", "a"): 1.0})


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"\['cold'\] is no column"):
        causal_model(MACHINE, {("cold", "wear"): 1.0})
    with pytest.raises(ValueError, match="no column 'cold'"):
        machine().do("cold", 1.0)


def test_shapes_that_do_not_fit_are_refused():
    model = machine()
    with pytest.raises(ValueError, match="3 names need"):
        type(model)(("a", "b", "c"), model.weights, model.bends, model.levels, model.noise)
