"""Read from attention or from distances, influence is what leaving a row out does, exactly."""

import math

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.evaluation import rank_agreement
from metaxai_lab.explainers import leave_one_out, read_distances, read_support_attention
from metaxai_lab.learners import Matching, ProtoNet

X = torch.randn(2, 8, 4, generator=seeded(0))
Y = torch.tensor([[0, 0, 1, 1, 2, 2, 2, 2], [2, 1, 0, 0, 1, 2, 1, 0]])
SUPPORT = Examples(X, Y)
QUERY = torch.randn(2, 3, 4, generator=seeded(1))
TARGET = torch.tensor([[0, 1, 2], [2, 2, 1]])


def matching(**settings):
    with initialised_with(seeded(2)):
        return Matching(nn.Identity(), dim=4, n_way=3, **settings)


# From attention


@pytest.mark.parametrize("target", [1, TARGET], ids=["one class", "one for each row"])
def test_the_effect_read_from_attention_is_that_of_leaving_out(target):
    found = read_support_attention(matching().adapt(SUPPORT), QUERY, target)
    judge = leave_one_out(matching(), SUPPORT, QUERY, target)
    torch.testing.assert_close(found.values, judge.values, atol=1e-5, rtol=1e-5)
    assert found.unit == judge.unit == "nats"


def test_the_effect_of_a_weight_is_known_by_hand():
    learner = Matching(nn.Identity(), dim=1, n_keys=1)
    for part in (learner.query, learner.key):
        nn.init.ones_(part.weight)
        nn.init.zeros_(part.bias)
    support = Examples(torch.tensor([[0.0], [1.0], [2.0], [0.0]]), torch.tensor([0, 1, 0, 1]))
    found = read_support_attention(learner.adapt(support), torch.tensor([[math.log(2)]]), 0)
    # weights 1, 2, 4 and 1 of 8: class 0 has 5/8; without its lighter row 4/7, its heavier 1/4;
    # without the row of weight 2 it has 5/6, without that of weight 1 5/7
    wanted = (torch.tensor([5 / 8]) / torch.tensor([4 / 7, 5 / 6, 1 / 4, 5 / 7])).log()
    torch.testing.assert_close(found.values[0], wanted)


def test_the_share_is_the_weight_with_a_minus_for_other_labels():
    model = matching().adapt(SUPPORT)
    found = read_support_attention(model, QUERY, TARGET, form="share")
    own = Y.unsqueeze(1) == TARGET.unsqueeze(2)
    assert torch.equal(found.values > 0, own)
    torch.testing.assert_close(found.values.abs(), model.support_weights(QUERY))
    assert found.unit == "share of attention"


def test_share_and_effect_agree_in_rank():
    model = matching().adapt(SUPPORT)
    share, effect = (read_support_attention(model, QUERY, 1, form=f) for f in ("share", "effect"))
    assert rank_agreement(share, effect).mean > 0.9


def test_the_effect_cannot_be_read_where_inputs_are_weighed():
    model = matching(values="inputs").adapt(SUPPORT)
    assert read_support_attention(model, QUERY, 0, form="share").values.shape == (2, 3, 8)
    with pytest.raises(ValueError, match=r'this learner has values=.inputs.*Take form="share"'):
        read_support_attention(model, QUERY, 0)


def test_of_one_shot_there_is_a_share_and_no_effect():
    model = matching().adapt(Examples(X[0, :3], torch.arange(3)))
    assert read_support_attention(model, QUERY[0], 0, form="share").values.shape == (3, 3)
    with pytest.raises(ValueError, match="row 0 is the only one of its own"):
        read_support_attention(model, QUERY[0], 0)


# From distances


@pytest.mark.parametrize("target", [1, TARGET], ids=["one class", "one for each row"])
@pytest.mark.parametrize("sharpness", [None, 0.3])
def test_the_effect_read_from_distances_is_that_of_leaving_out(target, sharpness):
    learner = ProtoNet(nn.Tanh(), sharpness=sharpness)
    found = read_distances(learner, SUPPORT, QUERY, target)
    judge = leave_one_out(learner, SUPPORT, QUERY, target)
    torch.testing.assert_close(found.values, judge.values, atol=1e-5, rtol=1e-5)


def test_the_effect_of_a_distance_is_known_by_hand():
    support = Examples(torch.tensor([[0.0], [2.0], [2.0], [4.0]]), torch.tensor([0, 0, 1, 1]))
    found = read_distances(ProtoNet(nn.Identity()), support, torch.tensor([[1.0]]), 0)
    # means 1 and 3, squared distances 0 and 4: log-odds 4. Without a row of class 0 its mean is
    # 2 or 0: distance 1, log-odds 3. Without one of class 1: 4 or 2, distances 9 and 1
    logsigmoid = nn.functional.logsigmoid
    wanted = logsigmoid(torch.tensor(4.0)) - logsigmoid(torch.tensor([3.0, 3.0, 9.0, 1.0]))
    torch.testing.assert_close(found.values[0], wanted)


def test_a_row_that_is_the_mean_of_its_class_has_no_influence():
    x = torch.stack([X[0, 0], X[0, 1], (X[0, 0] + X[0, 1]) / 2, X[0, 3], X[0, 4]])
    support = Examples(x, torch.tensor([0, 0, 0, 1, 1]))
    values = read_distances(ProtoNet(nn.Identity()), support, QUERY[0], 0).values
    torch.testing.assert_close(values[:, 2], torch.zeros(3), atol=1e-5, rtol=0)
    assert values[:, :2].abs().min() > 1e-3


def test_two_equal_rows_have_equal_influence():
    twins = Examples(X[0][[0, 0, 2, 3, 4, 5, 6, 7]], Y[0])
    for found in (
        read_distances(ProtoNet(nn.Identity()), twins, QUERY[0], 1),
        read_support_attention(matching().adapt(twins), QUERY[0], 1),
    ):
        torch.testing.assert_close(found.values[:, 0], found.values[:, 1])


def test_a_class_of_one_row_is_refused():
    with pytest.raises(ValueError, match="row 0 is the only one of its own"):
        read_distances(ProtoNet(nn.Identity()), Examples(X[0, :3], torch.arange(3)), QUERY[0], 0)


def test_learners_in_training_mode_are_refused():
    part = nn.Sequential(nn.Linear(4, 4), nn.Dropout())
    with pytest.raises(ValueError, match=r"Call eval\(\)"):
        read_distances(ProtoNet(part), SUPPORT, QUERY, 0)
    with pytest.raises(ValueError, match=r"Call eval\(\)"):
        read_support_attention(Matching(part, dim=4).adapt(SUPPORT), QUERY, 0)


def test_a_target_that_is_no_class_is_refused():
    with pytest.raises(ValueError, match="target 3 is none"):
        read_support_attention(matching().adapt(SUPPORT), QUERY, 3)
    with pytest.raises(ValueError, match="target 3 is none"):
        read_distances(ProtoNet(nn.Identity()), SUPPORT, QUERY, 3)
