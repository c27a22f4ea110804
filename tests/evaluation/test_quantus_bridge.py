"""Where Quantus and our judges measure the same thing, they agree to 1e-6; and its traps."""

import jaxtyping
import numpy as np
import pytest
import torch
from torch import nn

from metaxai_lab.core import Attribution, Examples, initialised_with, seeded
from metaxai_lab.evaluation import (
    ask_quantus,
    cascade,
    curve,
    likeness,
    mass_in_mask,
    pointing_game,
    randomised,
    stability,
)
from metaxai_lab.explainers import gradient, gradient_times_input
from metaxai_lab.learners import AttentiveLearner, ProtoNet

X = torch.rand(5, 16, generator=seeded(1)) + 0.1
VALUES = torch.randn(5, 16, generator=seeded(2))
TRUTH = torch.rand(5, 16, generator=seeded(3)) > 0.6


def network(seed=0):
    with initialised_with(seeded(seed)):
        return nn.Sequential(nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 3)).eval()


NET = network()


def explanation(values=VALUES, x=X):
    zeros = torch.zeros(len(x))
    return Attribution(values, x, zeros, zeros)


def asked(judge, found=None, model=NET, *, seed=0, target=1, **knobs):
    found = explanation() if found is None else found
    return ask_quantus(judge, model, found, target=target, generator=seeded(seed), **knobs)


def same(found, wanted):
    torch.testing.assert_close(found, wanted, atol=1e-6, rtol=1e-6)


# Faithfulness


@pytest.mark.parametrize("fill", [0.0, 0.5])
@pytest.mark.parametrize("at_once", [1, 4])
def test_its_pixels_flip_as_our_columns_go(fill, at_once):
    flipped = asked("PixelFlipping", features_in_step=at_once, perturb_baseline=fill)
    knobs = {"fill": torch.full((16,), fill), "n_steps": 16 // at_once, "generator": seeded(0)}
    ours = curve(NET, explanation(), kind="deletion", target=1, **knobs)
    same(ours.values[:, 1:], flipped.values)
    assert not flipped.higher_is_better


def test_its_area_leaves_out_the_untouched_row_and_counts_a_step_as_1():
    theirs = asked("PixelFlipping", perturb_baseline=0.0, return_auc_per_sample=True).values
    ours = curve(NET, explanation(), kind="deletion", target=1, generator=seeded(0))
    first_step = ours.values[:, :2].mean(-1)
    same(ours.area.values, (theirs + first_step) / 16)


def test_flipping_the_lowest_first_is_our_insertion_backwards():
    flipped = asked("PixelFlipping", explanation(-VALUES), perturb_baseline=0.0)
    ours = curve(NET, explanation(), kind="insertion", target=1, generator=seeded(0))
    same(ours.values.flip(-1)[:, 1:], flipped.values)


def test_its_regions_go_as_our_squares():
    knobs = {"patch_size": 2, "regions_evaluation": 4, "perturb_baseline": 0.0}
    lost = asked("RegionPerturbation", pictures=True, **knobs).values
    ours = curve(NET, explanation(), kind="deletion", target=1, cell=2, generator=seeded(0))
    same(ours.values[:, :1] - ours.values[:, 1:], lost)


def test_its_black_is_the_smallest_value_of_the_row_not_zero():
    black = asked("PixelFlipping", perturb_baseline="black").values
    smallest = X.min(-1).values
    for row in range(5):
        one = explanation(VALUES[row : row + 1], X[row : row + 1])
        fill = smallest[row].expand(16)
        ours = curve(NET, one, kind="deletion", target=1, fill=fill, generator=seeded(0))
        same(ours.values[0, 1:], black[row])


# Stability


@pytest.mark.parametrize("explain", [gradient, gradient_times_input])
def test_its_largest_sensitivity_is_our_stability_in_the_same_places(explain):
    drawn = iter((0.1 * (2 * torch.rand(6, 5, 16, generator=seeded(4)) - 1)).numpy())

    def near(arr, **_):
        return arr + next(drawn)

    found = explain(NET, X, target=1)
    theirs = asked("MaxSensitivity", found, explain=explain, nr_samples=6, perturb_func=near)
    knobs = {"target": 1, "radius": 0.1, "n_draws": 6}
    ours = stability(explain, NET, X, **knobs, generator=seeded(4))
    same(ours.values, theirs.values)
    assert ours.higher_is_better == theirs.higher_is_better


# Sanity


def test_its_randomised_layers_are_those_of_our_cascade_and_make_explanations_as_unlike():
    from quantus.helpers.model.pytorch_model import PyTorchModel

    before = gradient(NET, X, target=1)
    theirs = asked("MPRT", before, explain=gradient, return_last_correlation=True, seed=42)
    layers = PyTorchModel(NET).get_random_layer_generator("top_down", seed=42)
    with torch.random.fork_rng():
        named = [(name, gradient(net, X, target=1)) for name, net in layers]
    assert [name for name, _ in named] == [name for name, _ in cascade(NET, generator=seeded(0))]
    same(likeness(before, named[-1][1]).values, theirs.values)


def test_a_learner_adapts_anew_each_time_its_layers_are_reset():
    from quantus.helpers.model.pytorch_model import PyTorchModel

    with initialised_with(seeded(0)):
        learner = ProtoNet(nn.Sequential(nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 8)))
    support = Examples(X[:4], torch.tensor([0, 1, 0, 1]))
    before = gradient(learner.adapt(support), X, target=1)
    knobs = {"explain": gradient, "support": support, "return_last_correlation": True}
    theirs = asked("MPRT", before, learner, **knobs).values
    with torch.random.fork_rng():
        *_, (_, fresh) = PyTorchModel(learner).get_random_layer_generator("top_down", seed=42)
    after = gradient(fresh.adapt(support), X, target=1)
    same(likeness(before, after).values, theirs)
    assert theirs.abs().max() < 0.99


def test_it_leaves_weights_outside_of_layers_as_they_are():
    from quantus.helpers.model.pytorch_model import PyTorchModel

    with initialised_with(seeded(0)):
        learner = AttentiveLearner(3)
    with torch.random.fork_rng():
        *_, (_, theirs) = PyTorchModel(learner).get_random_layer_generator("top_down")
    assert torch.equal(theirs.views.place, learner.views.place)
    assert not torch.equal(
        randomised(learner, generator=seeded(0)).views.place, learner.views.place
    )


# Place


def test_its_mass_in_the_mask_is_ours():
    theirs = asked("RelevanceMassAccuracy", truth=TRUTH, abs=True)
    same(mass_in_mask(explanation(), TRUTH).values, theirs.values)


def test_its_pointing_game_is_ours_where_nothing_is_tied():
    theirs = asked("PointingGame", truth=TRUTH, abs=True)
    same(pointing_game(explanation(), TRUTH).values, theirs.values)
    assert 0 < theirs.mean < 1


def test_in_its_pointing_game_a_tie_is_a_hit_where_ours_shares_the_point():
    tied = VALUES.clone()
    tied[0] = 1
    truth = torch.zeros(5, 16, dtype=torch.bool)
    truth[:, 3] = True
    theirs = asked("PointingGame", explanation(tied), truth=truth, abs=True)
    assert theirs.values[0] == 1
    assert pointing_game(explanation(tied), truth).values[0] == pytest.approx(1 / 16)


def test_it_keeps_signs_unless_it_is_told_not_to():
    kept = asked("RelevanceMassAccuracy", truth=TRUTH).values
    same(kept, (VALUES * TRUTH).sum(-1) / VALUES.sum(-1))


# What values add up to


def test_its_completeness_fails_what_is_complete_up_to_rounding():
    with initialised_with(seeded(0)):
        model = nn.Linear(16, 3, bias=False)
    found = gradient_times_input(model, torch.rand(200, 16, generator=seeded(1)), target=1)
    assert found.gap.abs().max() < 1e-6
    strict = asked("Completeness", found, model, probabilities=False, perturb_baseline=0.0)
    assert strict.mean < 1


# How spread an explanation is


def test_complexity_is_the_entropy_of_the_shares():
    shares = VALUES.abs() / VALUES.abs().sum(-1, keepdim=True)
    same(asked("Complexity", abs=True).values, -(shares * shares.log()).sum(-1))


def test_sparseness_is_the_gini_index_worked_by_hand():
    x = torch.ones(2, 4)
    found = explanation(torch.tensor([[0.0, 0, 0, 1], [1.0, 1, 1, 1]]), x)
    torch.testing.assert_close(
        asked("Sparseness", found, nn.Linear(4, 3)).values,
        torch.tensor([0.75, 0]),
        atol=1e-6,
        rtol=0,
    )


@pytest.mark.parametrize("judge", ["Complexity", "Sparseness"])
def test_a_judge_does_not_write_into_the_explanation(judge):
    found = explanation(VALUES.abs())
    before = found.values.clone()
    asked(judge, found)
    assert torch.equal(found.values, before)


# The bridge


def legacy_state():
    return np.random.get_state()[1].tolist()  # noqa: NPY002


def test_the_global_states_stay_and_the_draws_come_from_the_generator():
    before = torch.get_rng_state(), legacy_state()
    knobs = {"explain": gradient, "nr_samples": 2}
    one, alike, other = (asked("MaxSensitivity", seed=s, **knobs).values for s in (1, 1, 2))
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == legacy_state()
    assert torch.equal(one, alike)
    assert not torch.equal(one, other)


def test_what_numpy_was_lent_is_taken_back(monkeypatch):
    monkeypatch.delattr(np, "trapz", raising=False)  # older ones have it
    asked("PixelFlipping", perturb_baseline=0.0, return_auc_per_sample=True)
    assert not hasattr(np, "trapz")


def test_each_row_may_have_its_own_target():
    each = torch.tensor([0, 2, 1, 1, 0])
    flipped = asked("PixelFlipping", target=each, perturb_baseline=0.0).values
    same(flipped[1], asked("PixelFlipping", target=2, perturb_baseline=0.0).values[1])
    found = gradient(NET, X, target=each)
    knobs = {"explain": gradient, "nr_samples": 3}
    moved = asked("MaxSensitivity", found, target=each, **knobs).values
    alone = asked("MaxSensitivity", gradient(NET, X, target=2), target=2, **knobs).values
    same(moved[1], alone[1])
    assert moved[0] != alone[0]


def test_it_asks_the_outputs_themselves_where_told_to():
    knobs = {"perturb_baseline": 0.0, "probabilities": False}
    blank = asked("PixelFlipping", **knobs).values[:, -1]
    same(blank, NET(torch.zeros(5, 16))[:, 1].detach())


def test_the_score_says_its_settings():
    assert asked("Sparseness", abs=True).sensitive_to == ("abs",)


def test_a_judge_that_quantus_does_not_have_is_refused():
    with pytest.raises(ValueError, match="no judge 'Fairness'"):
        asked("Fairness")


def test_marks_for_each_layer_in_place_of_rows_are_refused():
    with pytest.raises(ValueError, match=r"marks for \['original', 'model.2', 'model.0'\]"):
        asked("MPRT", explain=gradient)


def test_one_mark_for_all_rows_is_refused():
    with pytest.raises(ValueError, match=r"marks for each of 5 rows; .* gave 1 in all"):
        asked("Sparseness", return_aggregate=True)


def test_a_row_of_the_truth_without_a_column_is_refused():
    truth = TRUTH.clone()
    truth[2] = False
    with pytest.raises(ValueError, match="with 1 rows empty"):
        asked("PointingGame", truth=truth)


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="needs finite values"):
        asked("Sparseness", explanation(VALUES / 0))


def test_values_of_another_shape_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"found \(5, 15\) for rows of \(5, 16\)"):
        asked("Sparseness", explanation(VALUES[:, :15]))


def test_values_that_are_all_equal_are_refused_with_another_way():
    with pytest.raises(ValueError, match=r"all equal, .* Ask our own"):
        asked("PixelFlipping", explanation(torch.full((5, 16), 0.5)), perturb_baseline=0.0)


def test_rows_with_ties_are_counted():
    tied = VALUES.clone()
    tied[:2, :2] = 1
    assert asked("Sparseness", explanation(tied)).sensitive_to == ("ties in 2 of 5 rows",)


def test_stacked_tasks_are_refused():
    stacked = Attribution(VALUES[None], X[None], torch.zeros(1, 5), torch.zeros(1, 5))
    with pytest.raises(ValueError, match="judges one task"):
        asked("Sparseness", stacked)
