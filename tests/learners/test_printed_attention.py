"""The printed form agrees with a value worked out by hand and with a plain loop, gradients too."""

from math import log

import pytest
import torch
import torch.nn.functional as F

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import PrintedAttention, causal_softmax

SIZES = [(1, 1, 3, 2), (4, 7, 5, 3), (6, 12, 8, 16)]  # sequences, steps, inputs, hidden


def made(n_inputs=5, n_hidden=3, n_steps=7, seed=0):
    with initialised_with(seeded(seed)):
        return PrintedAttention(n_inputs, n_hidden, 2, n_steps=n_steps)


def plain_loop(learner, x):
    """Answer one step of one sequence at a time, as the equations read."""
    cell = torch.nn.LSTMCell(learner.lstm.input_size, learner.lstm.hidden_size)
    weights = dict(learner.lstm.named_parameters())
    state = {name: weights[f"{name}_l0"] for name, _ in cell.named_parameters()}
    answers, maps = [], []
    for sequence in x:
        h = c = x.new_zeros(1, learner.lstm.hidden_size)
        rows, attended = [], []
        for t, step in enumerate(sequence):
            h, c = torch.func.functional_call(cell, state, (step[None], (h, c)))
            a = torch.softmax(learner.score(h)[0, : t + 1], 0)
            context = torch.stack([a[i] * sequence[i] for i in range(t + 1)]).sum(0)
            rows.append(learner.answer(torch.cat([context, h[0]])))
            attended.append(F.pad(a, (0, len(sequence) - t - 1)))
        answers.append(torch.stack(rows))
        maps.append(torch.stack(attended))
    return torch.stack(answers), torch.stack(maps)


def test_three_steps_agree_with_the_hand():
    """With W_a h_3 = (0, ln 2, ln 3) the weights are 1/6, 2/6, 3/6, so c_3 = (4/6, 5/6)."""
    learner = made(n_inputs=2, n_hidden=3, n_steps=3)
    states = torch.zeros(1, 3, 3)
    states[0, 2] = torch.tensor([0.0, log(2), log(3)])
    learner.score.weight.data = torch.eye(3)
    x = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]])
    context = (learner.weigh(states) @ x)[0, 2]
    assert torch.allclose(context, torch.tensor([4 / 6, 5 / 6]), atol=1e-6)


@pytest.mark.parametrize(("n_sequences", "n_steps", "n_inputs", "n_hidden"), SIZES)
def test_answers_and_weights_agree_with_a_plain_loop(n_sequences, n_steps, n_inputs, n_hidden):
    learner = made(n_inputs, n_hidden, n_steps)
    x = torch.randn(n_sequences, n_steps, n_inputs, generator=seeded(1))
    for ours, plain in zip(learner(x), plain_loop(learner, x), strict=True):
        assert torch.allclose(ours, plain, atol=1e-5)


@pytest.mark.parametrize(("n_sequences", "n_steps", "n_inputs", "n_hidden"), SIZES)
def test_gradients_agree_with_a_plain_loop(n_sequences, n_steps, n_inputs, n_hidden):
    learner = made(n_inputs, n_hidden, n_steps)
    x = torch.randn(n_sequences, n_steps, n_inputs, generator=seeded(1)).requires_grad_()
    wanted = [x, *learner.parameters()]
    fused = torch.autograd.grad(learner(x)[0].square().sum(), wanted)
    plain = torch.autograd.grad(plain_loop(learner, x)[0].square().sum(), wanted)
    for ours, other in zip(fused, plain, strict=True):
        assert torch.allclose(ours, other, atol=1e-5)


def test_a_step_does_not_see_what_comes_later():
    learner, x = made(), torch.randn(2, 7, 5, generator=seeded(1))
    changed = x.clone()
    changed[:, 4:] += 1
    assert torch.equal(learner(x)[0][:, :4], learner(changed)[0][:, :4])
    assert not torch.allclose(learner(x)[0][:, 4:], learner(changed)[0][:, 4:])


def test_weights_ahead_are_zero_and_the_others_sum_to_one():
    weights = made()(torch.randn(2, 7, 5, generator=seeded(1)))[1]
    assert torch.equal(weights, weights.tril())
    assert torch.allclose(weights.sum(-1), torch.ones(2, 7))


def test_a_shorter_sequence_takes_the_first_rows_of_the_score():
    learner, x = made(), torch.randn(2, 7, 5, generator=seeded(1))
    assert torch.allclose(learner(x[:, :4])[0], learner(x)[0][:, :4], atol=1e-6)


def test_a_sequence_beyond_the_longest_is_refused():
    with pytest.raises(ValueError, match="scores 7 positions; the sequences have 8 steps"):
        made()(torch.zeros(1, 8, 5))


def test_large_scores_keep_the_softmax_finite():
    weights = causal_softmax(torch.full((3, 3), 1e4))
    assert torch.allclose(weights, torch.ones(3, 3).tril() / torch.tensor([[1.0], [2.0], [3.0]]))
