"""Attention that follows the task: an LSTM reads the support set, its state says where to look.

The state h of the task, together with the clue of a cell, gives the cell's score; the softmax of
the scores weighs the cells' contents; their sum is the embedding, and classes are means of it.
LSTM and softmax: the equations of the attentive meta-learner, in their content form; the reading of
a labelled support set: Santoro et al. (2016); class means: Snell, Swersky & Zemel (2017).
Chapter: book/attention/from_equations.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.local_views import LocalViews
from metaxai_lab.learners.prototypes import class_means, squared_distances
from metaxai_lab.learners.support_reader import SupportReader

Focus = Literal["task", "blind", "uniform", "none"]


class AttentiveLearner(nn.Module):
    """Learns across tasks where to look, and looks there in a new task after one reading.

    Args:
        n_way: classes of a task; the labels are read as numbers from 0 to n_way - 1.
        side: of the pictures, in pixels.
        dim: length of the vectors of a cell and of the state.
        focus: "task" lets the state steer; "blind" sets it to zero, so that all tasks are looked
            at alike; "uniform" weighs all cells alike.
        cell: side of a cell, in pixels; it divides `side`.
        channels: of the pictures, 3 where they have colours; a row holds one after the other.
        skip_empty: as in `LocalViews`: quicker where most cells are empty, and else the same.
    """

    def __init__(
        self,
        n_way: int = 5,
        *,
        side: int = 28,
        dim: int = 64,
        focus: Focus = "task",
        cell: int = 4,
        channels: int = 1,
        skip_empty: bool = False,
    ) -> None:
        super().__init__()
        self.n_way, self.focus = n_way, focus
        patches = {"cell": cell, "patch": cell + 2, "skip_empty": skip_empty}
        self.views = LocalViews(side, **patches, dim=dim, channels=channels)
        self.reader = SupportReader(n_way, dim)
        self.query = nn.Linear(dim, dim)  # from the state
        self.value = nn.Linear(dim, dim, bias=False)  # from a content: an empty cell adds nothing
        self.log_sharpness = nn.Parameter(torch.zeros(()))

    def adapt(self, support: Examples) -> "AttentiveModel":
        """Return the model of one task, or of a stacked batch of them; the support is read once.

        Raises:
            ValueError: if a label lies outside 0 to n_way - 1, a class has no row, or the pictures
                have another side, or other channels.
        """
        content, clue = self.look(support.x)
        state = self.read(clue, support.y)
        prototypes = class_means(self.embed(content, self.weigh(clue, state)), support.y)
        return AttentiveModel(self, state, prototypes)

    @property
    def chooses(self) -> bool:
        """Whether some cells can weigh more than others."""
        return self.focus in ("task", "blind")

    def look(
        self, x: Float[Tensor, "*tasks row pixel"]
    ) -> tuple[Float[Tensor, "*tasks row cell dim"], Float[Tensor, "*tasks row cell dim"]]:
        """Return content and clue of each cell; where no cell is chosen, no clue is looked for."""
        content = self.views.content(x)
        return content, self.views.clue(content) if self.chooses else content

    def read(
        self, clue: Float[Tensor, "*tasks row cell dim"], y: Int[Tensor, "*tasks row"]
    ) -> Float[Tensor, "*tasks dim"]:
        """Return h: what the LSTM made of the support; zeros where the focus is not the task."""
        if self.focus == "task":
            return self.reader(clue, y)
        return clue.new_zeros(*y.shape[:-1], clue.shape[-1])

    def weigh(
        self, clue: Float[Tensor, "*tasks row cell dim"], state: Float[Tensor, "*tasks dim"]
    ) -> Float[Tensor, "*tasks row cell"]:
        """Return a: how the weight of each picture is shared among its cells."""
        if not self.chooses:
            return clue.new_full(clue.shape[:-1], 1 / clue.shape[-2])
        query = self.query(state)[..., None, :, None]
        return (clue @ query).squeeze(-1).softmax(-1)

    def embed(
        self,
        content: Float[Tensor, "*tasks row cell dim"],
        weights: Float[Tensor, "*tasks row cell"],
    ) -> Float[Tensor, "*tasks row dim_of_c"]:
        """Return c: the weighted sum of the contents, seen through the values."""
        if self.focus == "none":
            return self.value(content).flatten(-2) / content.shape[-2] ** 0.5
        return self.value((weights.unsqueeze(-2) @ content).squeeze(-2))


@dataclass(frozen=True)
class AttentiveModel:
    """The learner after it read a support set: classifies rows, and says where it looked.

    Args:
        state: what the LSTM made of the support set.
        prototypes: the mean embedding of each class.
    """

    learner: AttentiveLearner
    state: Float[Tensor, "*tasks dim"]
    prototypes: Float[Tensor, "*tasks class dim_of_c"]

    def __call__(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row class"]:
        """Return the log-odds of each class, up to a constant of the row."""
        content, clue = self.learner.look(x)
        embedding = self.learner.embed(content, self.learner.weigh(clue, self.state))
        distances = squared_distances(embedding, self.prototypes)
        return -self.learner.log_sharpness.exp() * distances

    def attention(
        self, x: Float[Tensor, "*tasks row pixel"]
    ) -> Float[Tensor, "*tasks row height width"]:
        """Return the weight of each cell of the grid; each picture's weights sum to 1."""
        _, clue = self.learner.look(x)
        grid = self.learner.views.grid
        return self.learner.weigh(clue, self.state).unflatten(-1, (grid, grid))
