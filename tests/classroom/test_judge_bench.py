"""Each judge of the bench passes the gate on a formula, or is shown failing it."""

from functools import partial

import pytest
import torch

from metaxai_lab.classroom.judge_bench import FAMILIES, FAMILY_OF, judge_bench
from metaxai_lab.core import Attribution, initialised_with, seeded
from metaxai_lab.evaluation import admit, randomised
from metaxai_lab.explainers import (
    Game,
    exact_shapley,
    explainer_of,
    gradient,
    integrated_gradients,
    lime,
)
from metaxai_lab.learners.base_nets import Mlp

N_ROWS, N_COLUMNS, N_ACTING = 60, 8, 5
DRAWN = torch.randn(100, N_COLUMNS, generator=seeded(0))
X, BACKGROUND = DRAWN[:N_ROWS], DRAWN[N_ROWS:]


def formula(x):
    a, b, c, d, e = x[..., :N_ACTING].unbind(-1)
    return (2 * a - 1.5 * b + 2 * c * d + (2 * e).sin() + 0.5 * a * e).unsqueeze(-1)


TRUTH = (torch.arange(N_COLUMNS) < N_ACTING).expand(N_ROWS, -1)
EXACT = exact_shapley(Game(formula, BACKGROUND), X)
BENCH = judge_bench(formula, BACKGROUND, truth=TRUTH, exact=EXACT, n_draws=10)
RIVALS = {
    "slope": gradient(formula, X, target=0),
    "path": integrated_gradients(formula, X, target=0, baseline=BACKGROUND.mean(0)),
    "LIME": lime(formula, X, target=0, background=BACKGROUND, generator=seeded(1)),
}
REFUSED = {"deletion, minimum", "sparseness", "entropy"}


def examined(name):
    n_draws = 10 if FAMILY_OF[name] == "faithfulness" else 200
    knobs = {"n_draws": n_draws, "strict": False, "generator": seeded(2)}
    return admit(BENCH[name], EXACT, RIVALS, **knobs)


@pytest.mark.parametrize("name", sorted(set(BENCH) - REFUSED))
def test_a_judge_passes_the_gate(name):
    assert examined(name).reasons == ()


def test_deletion_by_the_minimum_puts_a_rival_above_the_exact_values():
    assert "above the exact values" in " ".join(examined("deletion, minimum").reasons)


@pytest.mark.parametrize("name", FAMILIES["complexity"])
def test_complexity_cannot_tell_exact_values_from_those_in_random_places(name):
    assert "no better than chance" in examined(name).reasons[0]


with initialised_with(seeded(0)):
    NET = Mlp(N_COLUMNS, (16,))
TWIN = randomised(NET, generator=seeded(3))


def method_mark(name, explain):
    bench = judge_bench(NET, BACKGROUND[:8], explain=explain, twin=TWIN)
    return bench[name](explain(NET, X[:6], target=0)).mean


def same_for_all(model, x, *, target):
    fixed = torch.arange(x.shape[-1]).float().expand_as(x)
    return Attribution(fixed, x, fixed.sum(-1), fixed.sum(-1))


def test_stability_puts_what_never_moves_above_exact_values():
    exact = explainer_of(exact_shapley, BACKGROUND[:8])
    assert method_mark("stability", same_for_all) == 0 < method_mark("stability", exact)


def test_sanity_unmasks_what_says_the_same_of_every_network():
    exact = explainer_of(exact_shapley, BACKGROUND[:8])
    assert method_mark("sanity", same_for_all) == pytest.approx(1)
    assert method_mark("sanity", exact) < 0.9


def test_sanity_puts_values_in_random_places_above_exact_values():
    exact = explainer_of(exact_shapley, BACKGROUND[:8])
    marks = []
    for seed in range(10):
        g = seeded(seed)

        def noise(model, x, *, target, g=g):
            values = torch.randn(x.shape, generator=g)
            return Attribution(values, x, values.sum(-1), values.sum(-1))

        marks.append(method_mark("sanity", noise))
    assert sum(marks) / 10 < method_mark("sanity", exact)


def test_marks_of_two_attributions_are_paired_by_the_same_draws():
    for name in BENCH:
        assert torch.equal(BENCH[name](EXACT).values, BENCH[name](EXACT).values)


def test_judges_come_in_the_order_of_their_families():
    alone = judge_bench(formula, BACKGROUND)
    assert [*alone] == [*FAMILIES["faithfulness"], *FAMILIES["complexity"]]
    asked = partial(judge_bench, formula, BACKGROUND, truth=TRUTH, exact=EXACT, explain=gradient)
    order = [name for of in FAMILIES.values() for name in of if name != "sanity"]
    assert [*asked()] == order
    assert [*asked(twin=TWIN)] == [*FAMILY_OF]
