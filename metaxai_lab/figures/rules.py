"""A decision tree as lines of text: a question, then what follows after yes and after no.

Chapter: book/concepts/three_kinds_of_explanation.ipynb.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from metaxai_lab.figures.palette import INK, paper


def rule_lines(tree: Any, names: Sequence[str], *, digits: int = 1) -> list[str]:
    """Write a fitted regression tree of scikit-learn, a line for each question and each answer.

    Args:
        names: one for each column.
        digits: decimals of limits and answers.
    """
    nodes = tree.tree_

    def below(node: int, indent: str, reply: str) -> list[str]:
        if nodes.children_left[node] < 0:
            return [f"{indent}{reply}{nodes.value[node].item():+.{digits}f}"]
        limit = f"{nodes.threshold[node]:.{digits}f}"
        asked = f"{indent}{reply}{names[nodes.feature[node]]} at most {limit}?"
        return [
            asked,
            *below(int(nodes.children_left[node]), indent + "    ", "yes: "),
            *below(int(nodes.children_right[node]), indent + "    ", "no:  "),
        ]

    return below(0, "", "")


def indented_tree(
    tree: Any,
    names: Sequence[str],
    *,
    digits: int = 1,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the lines of a tree below each other, each as far indented as it is deep."""
    lines = rule_lines(tree, names, digits=digits)
    ax = paper(ax, 4.2, 0.4 + 0.21 * len(lines))
    for i, line in enumerate(lines):
        ax.text(0, i, line, family="monospace", fontsize=9, color=INK, va="center")
    ax.set(xlim=(0, 1), ylim=(len(lines) - 0.5, -0.5), title=title)
    ax.axis("off")
    return ax


def describe_tree(tree: Any, names: Sequence[str], *, digits: int = 1) -> str:
    """Say in words what `indented_tree` draws."""
    said = "; ".join(line.strip() for line in rule_lines(tree, names, digits=digits))
    return f"A tree of {tree.get_n_leaves()} answers: {said}."
