"""Prototypical networks: a class is the mean of its support rows, seen through one embedding.

Snell, Swersky & Zemel (2017), section 2. Chapter: book/attention/from_equations.ipynb.
"""

from torch import nn

from metaxai_lab.core import Examples, Model
from metaxai_lab.learners.pictures import ConvEncoder
from metaxai_lab.learners.prototypes import class_means, squared_distances


class ProtoNet(nn.Module):
    """Classifies a row by its squared distance to the mean embedding of each class.

    Args:
        embed: rows (*tasks, row, feature) to embeddings (*tasks, row, dim); a `ConvEncoder` of
            28 x 28 pictures where it is None.
    """

    def __init__(self, embed: nn.Module | None = None) -> None:
        super().__init__()
        self.embed = ConvEncoder() if embed is None else embed

    def adapt(self, support: Examples) -> Model:
        """Return the model of one task, or of a stacked batch of them.

        Raises:
            ValueError: if a class between 0 and the largest has no support row in some task.
        """
        prototypes = class_means(self.embed(support.x), support.y)
        return lambda x: -squared_distances(self.embed(x), prototypes)
