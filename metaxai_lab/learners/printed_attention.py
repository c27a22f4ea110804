"""Attention over a sequence, exactly as equations print it: the past inputs, weighted and summed.

    h_t = LSTM(x_t, h_{t-1})        a_t = softmax(W_a h_t) over the positions i <= t
    c_t = sum_{i<=t} a_ti x_i       y_t = MLP(c_t, h_t)

One fused LSTM, one masked softmax and one product serve all steps of all sequences. Chapter:
book/attention/from_equations.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class PrintedAttention(nn.Module):
    """Reads sequences of up to `n_steps` inputs and answers after each of them.

    Args:
        n_inputs: columns of an input.
        n_hidden: columns of the LSTM's state.
        n_outputs: columns of an answer.
        n_steps: the longest sequence; W_a has one row for each of its positions.
    """

    def __init__(self, n_inputs: int, n_hidden: int, n_outputs: int, n_steps: int) -> None:
        super().__init__()
        self.n_steps = n_steps
        self.lstm = nn.LSTM(n_inputs, n_hidden, batch_first=True)
        self.score = nn.Linear(n_hidden, n_steps, bias=False)  # W_a
        self.answer = nn.Sequential(
            nn.Linear(n_inputs + n_hidden, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_outputs)
        )

    def forward(
        self, x: Float[Tensor, "sequence step input"]
    ) -> tuple[Float[Tensor, "sequence step output"], Float[Tensor, "sequence step position"]]:
        """Return the answer after each step, and the weights it gave to the positions so far.

        Raises:
            ValueError: if the sequences are longer than `n_steps`.
        """
        states, _ = self.lstm(x)
        weights = self.weigh(states)
        contexts = weights @ x
        return self.answer(torch.cat([contexts, states], -1)), weights

    def weigh(
        self, states: Float[Tensor, "sequence step hidden"]
    ) -> Float[Tensor, "sequence step position"]:
        """Return a_t for each step; what lies ahead of a step gets the weight 0.

        Raises:
            ValueError: if the sequences are longer than `n_steps`.
        """
        n_steps = states.shape[1]
        if n_steps > self.n_steps:
            raise ValueError(
                f"W_a scores {self.n_steps} positions; the sequences have {n_steps} steps. "
                f"Make the learner with n_steps={n_steps} or more, or cut the sequences."
            )
        return causal_softmax(self.score(states)[..., :n_steps])


def causal_softmax(scores: Float[Tensor, "*batch step step"]) -> Float[Tensor, "*batch step step"]:
    """Return the softmax of each row over its positions up to the diagonal; beyond it, 0."""
    ahead = torch.ones_like(scores, dtype=torch.bool).triu(1)
    return scores.masked_fill(ahead, -torch.inf).softmax(-1)
