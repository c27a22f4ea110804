"""Fresh weights, dealt labels, and how alike two explanations are."""

import jaxtyping
import pytest
import torch
from scipy.stats import spearmanr
from torch import nn

from metaxai_lab.core import Attribution, Examples, initialised_with, seeded
from metaxai_lab.evaluation import cascade, likeness, randomised, shuffled_labels
from metaxai_lab.evaluation.sanity import layer_names
from metaxai_lab.explainers import gradient
from metaxai_lab.learners import AttentiveLearner


class Placed(nn.Module):
    """Two layers, a table that belongs to no layer, and a single number."""

    def __init__(self):
        super().__init__()
        self.first, self.rest = nn.Linear(6, 6), nn.Sequential(nn.Tanh(), nn.Linear(6, 3))
        self.place = nn.Parameter(torch.arange(12.0).reshape(2, 6))
        self.sharpness = nn.Parameter(torch.tensor(5.0))

    def forward(self, x):
        return self.sharpness * self.rest(self.first(x) + self.place[0])


def made(seed=0):
    with initialised_with(seeded(seed)):
        return Placed()


def explanation(values):
    values = torch.as_tensor(values, dtype=torch.float32)
    zeros = torch.zeros(values.shape[:-1])
    return Attribution(values, torch.zeros_like(values), zeros, zeros)


def changed(one, other):
    """Name the weights that differ."""
    pairs = zip(one.state_dict().items(), other.state_dict().values(), strict=True)
    return {name for (name, a), b in pairs if not torch.equal(a, b)}


OF_LAYERS = {"first.weight", "first.bias", "rest.1.weight", "rest.1.bias"}


# Fresh weights


def test_every_weight_is_drawn_anew_but_a_single_number():
    net = made()
    assert changed(net, randomised(net, generator=seeded(1))) == {*OF_LAYERS, "place"}


def test_the_network_itself_stays():
    net, twin = made(), made()
    randomised(net, generator=seeded(1))
    assert not changed(net, twin)


def test_a_table_of_no_layer_is_shuffled():
    fresh = randomised(made(), generator=seeded(1))
    assert fresh.place.flatten().sort().values.tolist() == list(range(12))


def test_a_layer_is_drawn_as_it_was_when_it_was_made():
    with initialised_with(seeded(0)):
        net = nn.Linear(50, 200)
    with torch.no_grad():
        net.weight.fill_(9)
    fresh = randomised(net, generator=seeded(1)).weight.detach()
    bound = 50**-0.5
    assert fresh.abs().max() <= bound
    assert abs(float(fresh.std()) - bound / 3**0.5) < 0.02 * bound


def test_the_draws_come_from_the_generator_and_leave_the_global_state():
    torch.rand(1)
    before = torch.get_rng_state()
    one, same, other = (randomised(made(), generator=seeded(s)) for s in (1, 1, 2))
    assert torch.equal(before, torch.get_rng_state())
    assert not changed(one, same)
    assert changed(one, other) >= OF_LAYERS


def test_the_layers_asked_for_are_drawn_and_no_others():
    net = made()
    assert changed(net, randomised(net, generator=seeded(1), layers=["first"])) == {
        "first.weight",
        "first.bias",
    }


def test_what_holds_layers_stands_for_them():
    net = made()
    fresh = randomised(net, generator=seeded(1), layers=["rest"])
    assert changed(net, fresh) == {"rest.1.weight", "rest.1.bias"}


def test_a_layer_of_no_such_name_is_refused():
    with pytest.raises(ValueError, match=r"\['last'\] name no layer .*'', 'first', 'rest.1'"):
        randomised(made(), generator=seeded(1), layers=["first", "last"])


def test_a_name_is_not_taken_for_the_beginning_of_another():
    net = nn.ModuleDict({"a": nn.Linear(2, 2), "ab": nn.Linear(2, 2)})
    fresh = randomised(net, generator=seeded(1), layers=["a"])
    assert changed(net, fresh) == {"a.weight", "a.bias"}


def test_norms_forget_what_they_counted():
    net = nn.BatchNorm1d(3)
    net(torch.randn(8, 3, generator=seeded(1)))
    assert randomised(net, generator=seeded(2)).num_batches_tracked == 0


def test_torchs_own_attention_is_drawn_anew_whole():
    net = nn.MultiheadAttention(4, 2)
    with torch.no_grad():
        net.in_proj_weight.fill_(9)
        net.out_proj.weight.fill_(9)
    fresh = randomised(net, generator=seeded(1))
    assert fresh.in_proj_weight.abs().max() < 1
    assert fresh.out_proj.weight.abs().max() < 1


def test_of_the_attentive_learner_all_weights_are_drawn_but_one():
    with initialised_with(seeded(0)):
        learner = AttentiveLearner(3)
    of_weights = {name for name, _ in learner.named_parameters()}
    fresh = randomised(learner, generator=seeded(1))
    same = of_weights - changed(learner, fresh)
    assert same == {"log_sharpness"}


# One layer after the other


def test_a_cascade_goes_from_the_last_layer_to_the_first():
    net, drawn = made(), []
    for name, fresh in cascade(net, generator=seeded(1)):
        drawn.append((name, changed(net, fresh)))
    last = {"rest.1.weight", "rest.1.bias"}
    assert drawn[0] == ("rest.1", last)
    assert drawn[1] == ("first", OF_LAYERS)
    assert drawn[2] == ("", {*OF_LAYERS, "place"})


def test_a_cascade_keeps_what_it_drew_before():
    (_, one), (_, two), _ = cascade(made(), generator=seeded(1))
    assert torch.equal(one.rest[1].weight, two.rest[1].weight)


def test_layers_of_a_cascade_are_drawn_apart():
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    *_, (_, fresh) = cascade(net, generator=seeded(1))
    assert not torch.equal(fresh[0].weight, fresh[1].weight)


def test_layers_are_named_as_they_were_defined():
    assert layer_names(made()) == ["", "first", "rest.1"]


# Labels


def test_labels_are_dealt_anew_and_each_stays_as_frequent():
    y = torch.arange(5).repeat_interleave(20).expand(3, 100)
    support = Examples(torch.rand(3, 100, 2), y)
    dealt = shuffled_labels(support, generator=seeded(1))
    assert torch.equal(dealt.x, support.x)
    assert torch.equal(dealt.y.sort(-1).values, y)
    kept = (dealt.y == y).float().mean(-1)
    assert (kept < 0.4).all()  # by chance 0.2, with a deviation of 0.04
    assert len(dealt.y.unique(dim=0)) == 3


# Likeness


def test_likeness_is_spearmans_correlation_of_a_kept_library():
    a, b = (torch.randn(2, 3, 30, generator=seeded(s)) for s in (1, 2))
    b = (a + b).round()  # with ties
    found = likeness(explanation(a), explanation(b)).values.flatten()
    pairs = zip(a.flatten(0, 1), b.flatten(0, 1), strict=True)
    wanted = torch.tensor([spearmanr(x, y).statistic for x, y in pairs]).float()
    torch.testing.assert_close(found, wanted, atol=1e-6, rtol=0)


def test_without_signs_opposites_are_alike():
    values = torch.randn(3, 12, generator=seeded(1))
    one, other = explanation(values), explanation(-values)
    torch.testing.assert_close(likeness(one, other).values, -torch.ones(3))
    torch.testing.assert_close(likeness(one, other, absolute=True).values, torch.ones(3))


def test_rows_that_say_the_same_everywhere_score_0_and_are_counted():
    values = torch.randn(4, 12, generator=seeded(1))
    flat = values.clone()
    flat[:2] = 0.3
    score = likeness(explanation(values), explanation(flat))
    assert score.values[:2].tolist() == [0, 0]
    assert score.sensitive_to[-1] == "2 rows without an order"
    assert likeness(explanation(values), explanation(values)).sensitive_to == ("absolute",)


def test_a_linear_model_with_fresh_weights_is_explained_unlike_itself():
    with initialised_with(seeded(0)):
        net = nn.Linear(400, 3)
    x = torch.rand(2, 400, generator=seeded(1))
    before = gradient(net, x, target=0)
    after = gradient(randomised(net, generator=seeded(2)), x, target=0)
    assert likeness(before, before).mean == pytest.approx(1)
    assert abs(likeness(before, after).mean) < 0.2  # four deviations of 0.05


def test_explanations_of_other_columns_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"found \(1, 2\) beside \(1, 3\)"):
        likeness(explanation([[1, 2]]), explanation([[1, 2, 3]]))


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="compares finite values"):
        likeness(explanation([[1, 2]]), explanation([[1, float("nan")]]))
