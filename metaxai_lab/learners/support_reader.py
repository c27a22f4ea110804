"""An LSTM that reads a labelled support set, example by example, and ends in the state of the task.

Reading labelled examples in a row: Santoro et al. (2016). Chapter:
book/attention/from_equations.ipynb.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from metaxai_lab.learners.prototypes import class_means


class SupportReader(nn.Module):
    """An LSTM that reads labelled pictures one by one and ends in the state of the task.

    What a label means is which pictures belong together. So each step reads what is in a picture,
    how far that is from the mean of its class, and how far that mean is from the task's: in a mark
    task the first distance is small where marks are seen, in a base task where letters are.
    """

    def __init__(self, n_way: int, dim: int) -> None:
        super().__init__()
        self.n_way = n_way
        self.step = nn.Linear(3 * dim, dim)
        self.lstm = nn.LSTM(dim + n_way, dim, batch_first=True)
        with torch.no_grad():  # the forget gate: begin with a long memory
            self.lstm.get_parameter("bias_hh_l0")[dim : 2 * dim] += 2.0

    def forward(
        self, clue: Float[Tensor, "*tasks row cell dim"], y: Int[Tensor, "*tasks row"]
    ) -> Float[Tensor, "*tasks dim"]:
        """Return the state after the last picture; rows are read class by class.

        Raises:
            ValueError: if a label lies outside 0 to n_way - 1.
        """
        y, order = y.sort(dim=-1, stable=True)
        seen = clue.mean(-2)
        seen = seen.gather(-2, order.unsqueeze(-1).expand_as(seen))
        labels = self._labels(y).to(seen.dtype)
        steps = torch.cat([F.relu(self.step(self.compared(seen, y))), labels], -1)
        states, _ = self.lstm(steps.flatten(0, -3) if steps.ndim > 3 else steps)
        return states[..., -1, :].view(*y.shape[:-1], -1)

    def compared(
        self, seen: Float[Tensor, "*tasks row dim"], y: Int[Tensor, "*tasks row"]
    ) -> Float[Tensor, "*tasks row three_dim"]:
        """Set each picture beside its class and its class beside the task, in units of spread."""
        of_task = seen.mean(-2, keepdim=True)
        spread = (seen - of_task).square().mean(-2, keepdim=True) + 1e-4
        means = class_means(seen, y)
        of_class = means.gather(-2, y.unsqueeze(-1).expand_as(seen))
        within, between = (seen - of_class).square(), (of_class - of_task).square()
        return torch.cat([seen, within / spread, between / spread], -1)

    def _labels(self, y: Int[Tensor, "*tasks row"]) -> Int[Tensor, "*tasks row class"]:
        highest = int(y.max())
        if highest >= self.n_way:
            raise ValueError(
                f"this learner reads {self.n_way} classes, numbered from 0; found the label "
                f"{highest}. Make it with n_way={highest + 1}, or number the classes anew."
            )
        return F.one_hot(y, self.n_way)
