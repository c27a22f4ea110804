"""FIGS: a sum of small trees, grown greedily together, so that none has to repeat another.

Where an output adds two effects, a single tree asks about the second below every answer to the
first. Two trees ask once each. The price: to know an answer one reads all trees. imodels grows
them. Source: Tan et al. (2022). Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.classes import asked_classes, one_hot
from metaxai_lab.explainers.fitted_trees import fitted_tree, rounded_down
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.imodels_bridge import undisturbed
from metaxai_lab.explainers.seen import Seen, seen_in
from metaxai_lab.explainers.trees import LEAF, Tree


@dataclass(frozen=True)
class TreeSum:
    """Trees whose outputs are added up; a score, above 0 for class 1, and no log-odds."""

    trees: tuple[Tree, ...]

    def __call__(
        self, x: Float[Tensor, "*batch row feature"]
    ) -> Float[Tensor, "*batch row output"]:
        """Return the sum of what the trees answer.

        Raises:
            ValueError: if the rows have other columns, or hold NaN.
        """
        return torch.stack([tree(x) for tree in self.trees]).sum(0)

    def outside(self, x: Float[Tensor, "*batch row feature"]) -> Bool[Tensor, "*batch row"]:
        """Mark the rows beyond the ranges of those it was fitted on: there it only guesses."""
        return self.fitted_on.outside(x)

    @property
    def fitted_on(self) -> Seen:
        """The rows it was fitted on."""
        return self.trees[0].fitted_on

    @property
    def depth(self) -> int:
        """The most questions a row is asked, in all trees together."""
        return sum(tree.depth for tree in self.trees)

    @property
    def n_leaves(self) -> int:
        """How many leaves the trees have together."""
        return sum(tree.n_leaves for tree in self.trees)

    @property
    def n_columns_used(self) -> int:
        """How many different columns are asked about."""
        asked = torch.cat([tree.column for tree in self.trees])
        return len(asked[asked != LEAF].unique())

    @property
    def rule_length(self) -> float:
        """The mean number of questions that a row it was fitted on is asked, in all trees."""
        return sum(tree.rule_length for tree in self.trees)

    def text(self, feature_names: Sequence[str] = (), *, digits: int = 2) -> str:
        """Write the trees below each other, each leaf with what it adds.

        Raises:
            ValueError: if the names do not count the columns.
        """

        def added(tree: Tree) -> Callable[[int], str]:
            return lambda leaf: " ".join(f"{v:+.2f}" for v in tree.value[leaf].tolist())

        written = [tree.written(feature_names, added(tree), digits=digits) for tree in self.trees]
        return "\n+\n".join(written)


def grow_figs(
    x: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
    *,
    n_questions: int,
    n_outputs: int = 1,
) -> TreeSum:
    """Grow a sum of trees with up to `n_questions` questions altogether.

    Raises:
        ValueError: if `n_questions` is below 1, a cell is NaN or infinite, or a label is no class.
    """
    if n_questions < 1:
        raise ValueError(f"a sum of trees asks 1 question or more; found {n_questions}.")
    seen_in(x)
    one_hot(labels, n_outputs)
    if len(labels.unique()) < 2:
        return TreeSum((grow_tree(x, labels, depth=0, n_outputs=n_outputs),))
    with undisturbed():
        from imodels import FIGSClassifier  # here, since it takes seconds to load

        table = x.detach().float().cpu().numpy()
        grown: Any = FIGSClassifier(max_rules=n_questions).fit(table, labels.cpu().numpy())
    classes = [int(c) for c in grown.classes_]
    knobs = {"x": x.detach(), "labels": labels, "n_outputs": n_outputs, "classes": classes}
    return TreeSum(tuple(_read(root, **knobs) for root in grown.trees_))


def distil_figs(teacher: Model, x: Float[Tensor, "row feature"], *, n_questions: int) -> TreeSum:
    """Ask the teacher for the class of each row, and grow a sum of trees from what it says.

    Raises:
        ModelFailedError: if the teacher raises an error.
        ValueError: if it answers NaN or infinity, or as `grow_figs` does.
    """
    seen_in(x)
    labels, n_outputs = asked_classes(teacher, x)
    return grow_figs(x, labels, n_questions=n_questions, n_outputs=n_outputs)


def _read(root: Any, *, x: Tensor, labels: Tensor, n_outputs: int, classes: list[int]) -> Tree:
    """Return a tree of imodels as ours; what a leaf adds stays as it was found."""
    nodes: list[list[float]] = []
    added: list[list[float]] = []

    def lay(node: Any) -> int:
        place = len(nodes)
        nodes.append([LEAF, 0.0, place, place])
        added.append([0.0] * max(2, n_outputs))
        if node.left is None:
            for label, amount in zip(classes, node.value, strict=True):
                added[place][label] = float(amount)
        else:
            below = lay(node.left), lay(node.right)
            nodes[place] = [int(node.feature), float(node.threshold), *below]
        return place

    lay(root)
    kept = torch.tensor(nodes, dtype=torch.float64)
    threshold = rounded_down(kept[:, 1], x.cpu()).to(x.device)
    column, left, right = (kept[:, i].long().to(x.device) for i in (0, 2, 3))
    tree = fitted_tree(column, threshold, left, right, x=x, labels=labels, n_outputs=n_outputs)
    score = torch.tensor(added).to(x.device)
    return replace(tree, value=score[:, 1:] - score[:, :1] if n_outputs == 1 else score)
