"""Learning as reading: an LSTM reads the labelled support rows, and its state is the learned task.

No step of gradient and no distance is built in; what learning is, the weights of the LSTM have to
find out across tasks. A query meets the state by multiplication: the state says which of its
traits count, and for what. Source: Santoro et al. (2016), section 2, with the label beside its row
and without the external memory. Chapter: book/concepts/three_families.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Generator, Tensor, nn

from metaxai_lab.core import Episode, Examples


class Recurrent(nn.Module):
    """Reads the support rows once, in the order they stand in, and answers each query from there.

    Args:
        n_in: columns of a row, or of what `embed` makes of it.
        n_out: classes of a task, which are numbered from 0; 1 for a regression.
        n_hidden: columns of the state.
        embed: rows (*tasks, row, feature) to embeddings (*tasks, row, n_in); None takes rows as
            they are.
    """

    def __init__(
        self, n_in: int, n_out: int, n_hidden: int, embed: nn.Module | None = None
    ) -> None:
        super().__init__()
        self.n_in, self.n_out = n_in, n_out
        self.embed = nn.Identity() if embed is None else embed
        self.reader = nn.LSTM(n_in + n_out, n_hidden, batch_first=True)
        self.see = nn.Linear(n_in, n_hidden)
        self.answer = nn.Sequential(
            nn.Linear(n_hidden + n_in, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out)
        )
        with torch.no_grad():  # the forget gate: begin with a long memory
            self.reader.get_parameter("bias_hh_l0")[n_hidden : 2 * n_hidden] += 2.0

    def adapt(self, support: Examples) -> "RecurrentModel":
        """Return the model of one task, or of a stacked batch of them.

        Raises:
            ValueError: if a label lies outside 0 to n_out - 1, labels meet an n_out of 1 or real
                targets another one, or the rows have other than `n_in` columns.
        """
        return RecurrentModel(self, self.read(self.tokens(support)))

    def tokens(self, support: Examples) -> Float[Tensor, "*tasks row token"]:
        """Return what the LSTM reads at each step: a row, and its label or target beside it."""
        z = self.embedded(support.x)
        return torch.cat([z, self._targets(support.y).to(z.dtype)], -1)

    def read(self, tokens: Float[Tensor, "*tasks row token"]) -> Float[Tensor, "*tasks hidden"]:
        """Return the state after the last step."""
        _, (state, _) = self.reader(tokens.reshape(-1, *tokens.shape[-2:]))
        return state[0].reshape(*tokens.shape[:-2], -1)

    def embedded(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row n_in"]:
        """Return the embedding of each row.

        Raises:
            ValueError: if it has other than `n_in` columns.
        """
        z = self.embed(x)
        if z.shape[-1] != self.n_in:
            raise ValueError(
                f"this learner reads rows of {self.n_in} columns; found {z.shape[-1]}. Make it "
                f"with n_in={z.shape[-1]}."
            )
        return z

    def _targets(self, y: Num[Tensor, "*tasks row"]) -> Num[Tensor, "*tasks row out"]:
        if y.is_floating_point():
            if self.n_out != 1:
                raise ValueError(
                    f"this learner reads labels of {self.n_out} classes; found targets that are "
                    "real numbers. Make it with n_out=1, or number the classes from 0."
                )
            return y.unsqueeze(-1)
        if self.n_out == 1:
            raise ValueError(
                "with n_out=1 this learner reads numbers; found labels, which are integers. Make "
                "it with an output for each class, or give y.float()."
            )
        highest = int(y.max())
        if highest >= self.n_out:
            raise ValueError(
                f"this learner reads {self.n_out} classes, numbered from 0; found the label "
                f"{highest}. Make it with n_out={highest + 1}, or number the classes anew."
            )
        return F.one_hot(y, self.n_out)


@dataclass(frozen=True, eq=False)
class RecurrentModel:
    """The learner after it read a support set.

    Args:
        state: what the LSTM made of it; all queries share it.
    """

    learner: Recurrent
    state: Float[Tensor, "*tasks hidden"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row out"]:
        """Return the log-odds of each class up to a constant of the row, or the prediction."""
        z = self.learner.embedded(x)
        seen = self.state.unsqueeze(-2) * self.learner.see(z)
        return self.learner.answer(torch.cat([seen, z], -1))


def shuffled_support(episode: Episode, *, generator: Generator) -> Episode:
    """Put the support rows of each task in a random order, the same rows with their targets.

    Episodes stand class by class. A reader trained on that order would be lost without it.
    """
    x, y = episode.support.x, episode.support.y
    order = torch.rand(y.shape, generator=generator).argsort(-1).to(y.device)
    x = x.gather(-2, order.unsqueeze(-1).expand_as(x))
    return Episode(Examples(x, y.gather(-1, order)), episode.query, episode.truth)
