"""The printed equations, to the letter, as a learner of new classes.

The support rows with their labels are the inputs x_1 to x_n; the query, without a label, comes
last, and the answer after it counts. So W_a gives scores to positions in the order of reading, and
c adds up the inputs themselves. Source: the equations are those of `printed_attention`; labels
beside inputs: Santoro et al. (2016), section 2.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.printed_attention import PrintedAttention

Parts = tuple[Float[Tensor, "*tasks row class"], Float[Tensor, "*tasks row position"]]


class PrintedFewShot(nn.Module):
    """Reads the support rows one by one, then a query, and answers by the printed equations.

    Args:
        n_in: columns of a row.
        n_way: classes of a task, numbered from 0.
        n_support: the most support rows of a task.
        n_hidden: columns of the LSTM's state.
    """

    def __init__(self, n_in: int, *, n_way: int = 5, n_support: int = 25, n_hidden: int = 64):
        super().__init__()
        self.n_way = n_way
        self.printed = PrintedAttention(n_in + n_way, n_hidden, n_way, n_support + 1)
        with torch.no_grad():  # the forget gate: begin with a long memory
            self.printed.lstm.get_parameter("bias_hh_l0")[n_hidden : 2 * n_hidden] += 2.0

    def adapt(self, support: Examples) -> "PrintedModel":
        """Return the model of one task, or of a stacked batch; the support is read once.

        Raises:
            ValueError: if a label lies outside 0 to n_way - 1, or there are too many rows.
        """
        highest, n, most = int(support.y.max()), support.y.shape[-1], self.printed.n_steps - 1
        if highest >= self.n_way or n > most:
            raise ValueError(
                f"this learner reads up to {most} support rows of {self.n_way} classes, numbered "
                f"from 0; found {n} rows and the label {highest}. Make it for more."
            )
        labels = F.one_hot(support.y, self.n_way).to(support.x.dtype)
        tokens = torch.cat([support.x, labels], -1)
        _, memory = self.printed.lstm(tokens.reshape(-1, *tokens.shape[-2:]))
        state, cell = (part[0].reshape(*tokens.shape[:-2], -1) for part in memory)
        return PrintedModel(self, tokens, state, cell)


@dataclass(frozen=True, eq=False)
class PrintedModel:
    """The learner after it read a support set.

    Args:
        tokens: the inputs: support rows with their labels.
        state: h after the last of them.
        cell: the LSTM's other memory.
    """

    learner: PrintedFewShot
    tokens: Float[Tensor, "*tasks support_row token"]
    state: Float[Tensor, "*tasks hidden"]
    cell: Float[Tensor, "*tasks hidden"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row class"]:
        """Return the log-odds of each class, up to a constant of the row."""
        return self._answer(x)[0]

    def support_weights(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row support_row"]:
        """Return the weight of each support row; the rest of 1 lies on the query itself."""
        return self._answer(x)[1][..., :-1]

    def _answer(self, x: Float[Tensor, "*tasks row feature"]) -> Parts:
        """Take the last of the printed steps for each query, all of them from one memory."""
        printed, n = self.learner.printed, self.tokens.shape[-2]
        asked = torch.cat([x, x.new_zeros(*x.shape[:-1], self.learner.n_way)], -1)
        memory = tuple(
            part.unsqueeze(-2).expand(*x.shape[:-1], -1).reshape(1, -1, part.shape[-1])
            for part in (self.state, self.cell)
        )
        states, _ = printed.lstm(asked.reshape(-1, 1, asked.shape[-1]), memory)
        states = states.reshape(*x.shape[:-1], -1)
        weights = printed.score(states)[..., : n + 1].softmax(-1)
        contexts = weights[..., :n] @ self.tokens + weights[..., n:] * asked
        return printed.answer(torch.cat([contexts, states], -1)), weights
