"""A decision tree is a Model that can be read: each row answers a few questions on its way down.

It keeps its questions, the rows that reached each node, and the rows it was fitted on, so it can be
measured (depth, leaves, rule length, columns used), written down, and asked for rows anywhere.
Source: Breiman, Friedman, Olshen & Stone (1984) for trees; Craven & Shavlik (1996) for a tree that
stands for another model. Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.explainers.classes import classes_of, classes_said
from metaxai_lab.explainers.seen import Seen, column_names, counted

LEAF = -1


@dataclass(frozen=True)
class Tree:
    """Questions "is this column at most this much?", node by node; node 0 is the first.

    Args:
        column: what a node asks about; `LEAF` where it asks nothing.
        threshold: the value that still counts as "yes".
        left: the node after "yes"; of a leaf, the leaf itself.
        right: the node after "no"; of a leaf, the leaf itself.
        value: the outputs a row gets that ends there: log-odds of class 1, or one for each class.
        n_rows: how many of the rows it was fitted on reached a node.
        fitted_on: those rows.
    """

    column: Int[Tensor, " node"]
    threshold: Float[Tensor, " node"]
    left: Int[Tensor, " node"]
    right: Int[Tensor, " node"]
    value: Float[Tensor, "node output"]
    n_rows: Int[Tensor, " node"]
    fitted_on: Seen

    def __call__(
        self, x: Float[Tensor, "*batch row feature"]
    ) -> Float[Tensor, "*batch row output"]:
        """Return the outputs of the leaf that each row falls into.

        Raises:
            ValueError: if the rows have other columns, or hold NaN.
        """
        return self.value.to(x)[self.leaf(x)]

    def leaf(self, x: Float[Tensor, "*batch row feature"]) -> Int[Tensor, "*batch row"]:
        """Return the leaf that each row falls into, as the number of its node.

        Raises:
            ValueError: as a call does.
        """
        self.fitted_on.refuse(x, "this tree asks")
        node = torch.zeros(x.shape[:-1], dtype=torch.long, device=x.device)
        for _ in range(self.depth):
            node = self.below(node, x)
        return node

    def below(
        self, node: Int[Tensor, "*batch row"], x: Float[Tensor, "*batch row feature"]
    ) -> Int[Tensor, "*batch row"]:
        """Return the node that follows for each row; a leaf follows itself."""
        column = self.column.to(x.device)[node]
        value = x.gather(-1, column.clamp(min=0).unsqueeze(-1))[..., 0]
        yes = value <= self.threshold.to(x)[node]
        below = torch.where(yes, self.left.to(x.device)[node], self.right.to(x.device)[node])
        return torch.where(column == LEAF, node, below)

    def outside(self, x: Float[Tensor, "*batch row feature"]) -> Bool[Tensor, "*batch row"]:
        """Mark the rows beyond the ranges of those it was fitted on: there it only guesses."""
        return self.fitted_on.outside(x)

    @property
    def depth(self) -> int:
        """The most questions a row is asked."""
        return max(self._depths)

    @property
    def n_leaves(self) -> int:
        """How many answers there are."""
        return int((self.column == LEAF).sum())

    @property
    def n_columns_used(self) -> int:
        """How many different columns are asked about."""
        return len(self.column[self.column != LEAF].unique())

    @property
    def rule_length(self) -> float:
        """The mean number of questions that a row it was fitted on is asked."""
        ends = self.column == LEAF
        rows = self.n_rows[ends].double().cpu()
        return float(rows @ torch.tensor(self._depths)[ends.cpu()].double() / rows.sum())

    def merged(self) -> "Tree":
        """Return the tree without the questions below which every answer is the same class."""
        classes, kept, after = classes_of(self.value).tolist(), [], {}
        column, left, right = (t.tolist() for t in (self.column, self.left, self.right))

        def answers(node: int) -> set[int]:
            if column[node] == LEAF:
                return {classes[node]}
            return answers(left[node]) | answers(right[node])

        def keep(node: int) -> int:
            place = len(kept)
            kept.append(node)
            if len(answers(node)) > 1:
                after[place] = keep(left[node]), keep(right[node])
            return place

        keep(0)
        places = torch.tensor(kept, device=self.column.device)
        below = torch.tensor([after.get(i, (i, i)) for i in range(len(kept))]).to(places)
        asks = torch.tensor([i in after for i in range(len(kept))]).to(places.device)
        return Tree(
            torch.where(asks, self.column[places], LEAF),
            self.threshold[places],
            below[:, 0],
            below[:, 1],
            self.value[places],
            self.n_rows[places],
            self.fitted_on,
        )

    def text(
        self, feature_names: Sequence[str] = (), class_names: Sequence[str] = (), *, digits: int = 2
    ) -> str:
        """Write the tree, a line for each question and each answer.

        Raises:
            ValueError: if the names do not count the columns or the classes.
        """
        said = classes_said(class_names, self.value.shape[-1])
        classes = classes_of(self.value).tolist()
        return self.written(feature_names, lambda leaf: said[classes[leaf]], digits=digits)

    def written(
        self, feature_names: Sequence[str], answer: Callable[[int], str], *, digits: int = 2
    ) -> str:
        """Write the tree with `answer` of each leaf in place of its class.

        Raises:
            ValueError: if the names do not count the columns.
        """
        names = column_names(feature_names, len(self.fitted_on.low))

        def lines(node: int, indent: str, reply: str) -> list[str]:
            column = int(self.column[node])
            if column == LEAF:
                return [f"{indent}{reply}{answer(node)} ({counted(int(self.n_rows[node]))})"]
            asked = f"{names[column]} at most {float(self.threshold[node]):.{digits}f}?"
            deeper = indent + "    "
            return [
                f"{indent}{reply}{asked}",
                *lines(int(self.left[node]), deeper, "yes: "),
                *lines(int(self.right[node]), deeper, "no:  "),
            ]

        return "\n".join(lines(0, "", ""))

    @cached_property
    def _depths(self) -> list[int]:
        """How many questions lead to each node."""
        depths = [0] * len(self.column)
        for node, (column, *below) in enumerate(
            zip(self.column.tolist(), self.left.tolist(), self.right.tolist(), strict=True)
        ):
            for child in below if column != LEAF else ():
                depths[child] = depths[node] + 1
        return depths
