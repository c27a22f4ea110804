"""A decision tree drawn as boxes: a question, yes to the left, no to the right, answers below.

Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Sequence
from textwrap import fill
from typing import NamedTuple

from matplotlib.axes import Axes

from metaxai_lab.explainers.classes import classes_of, classes_said
from metaxai_lab.explainers.seen import column_names, counted
from metaxai_lab.explainers.trees import LEAF, Tree
from metaxai_lab.figures.palette import CATEGORIES, INK, paper

WIDEST = 14  # letters of a name on one line, so that boxes stand side by side


class Place(NamedTuple):
    """Where a node stands: leaves side by side, a question above the middle of its two sides."""

    across: float
    down: int


def drawn_tree(
    tree: Tree,
    feature_names: Sequence[str] = (),
    class_names: Sequence[str] = (),
    *,
    digits: int = 2,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a tree; a leaf says its class in words, and its border has the colour of the class.

    Raises:
        ValueError: if the names do not count the columns or the classes.
    """
    places = _places(tree)
    width = 1.0 + max(place.across for place in places.values())
    ax = paper(ax, max(3.0, 1.15 * width), 0.8 + 0.85 * tree.depth)
    words, colours = _words(tree, feature_names, class_names, digits), _colours(tree)
    for node, here in places.items():
        if int(tree.column[node]) != LEAF:
            for reply, child in (("yes", int(tree.left[node])), ("no", int(tree.right[node]))):
                there = places[child]
                ax.plot(*zip(here, there, strict=True), color=INK, linewidth=0.8, zorder=1)
                middle = (here.across + there.across) / 2, (here.down + there.down) / 2
                ax.text(*middle, reply, fontsize=7, color=INK, ha="center", zorder=2)
        frame = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": colours[node]}
        kind = {"fontsize": 8, "ha": "center", "va": "center", "color": INK}
        ax.text(*here, words[node], bbox=frame, zorder=3, **kind)
    ax.set(xlim=(-0.6, width - 0.4), ylim=(tree.depth + 0.4, -0.4), title=title)
    ax.axis("off")
    return ax


def describe_drawn_tree(
    tree: Tree,
    feature_names: Sequence[str] = (),
    class_names: Sequence[str] = (),
    *,
    digits: int = 2,
) -> str:
    """Say in words what `drawn_tree` draws."""
    lines = tree.text(feature_names, class_names, digits=digits).splitlines()
    said = "; ".join(line.strip() for line in lines)
    return f"A tree of depth {tree.depth} with {tree.n_leaves} answers: {said}."


def _places(tree: Tree) -> dict[int, Place]:
    places: dict[int, Place] = {}
    n_leaves = 0

    def put(node: int, down: int) -> float:
        nonlocal n_leaves
        if int(tree.column[node]) == LEAF:
            across, n_leaves = float(n_leaves), n_leaves + 1
        else:
            sides = (put(int(tree.left[node]), down + 1), put(int(tree.right[node]), down + 1))
            across = sum(sides) / 2
        places[node] = Place(across, down)
        return across

    put(0, 0)
    return places


def _words(
    tree: Tree, feature_names: Sequence[str], class_names: Sequence[str], digits: int
) -> list[str]:
    names = column_names(feature_names, len(tree.fitted_on.low))
    said = classes_said(class_names, tree.value.shape[-1])
    classes = classes_of(tree.value).tolist()
    return [
        f"{said[classes[node]]}\n{counted(int(tree.n_rows[node]))}"
        if column == LEAF
        else f"{fill(names[column], WIDEST)}\nat most {float(tree.threshold[node]):.{digits}f}?"
        for node, column in enumerate(tree.column.tolist())
    ]


def _colours(tree: Tree) -> list[str]:
    classes = classes_of(tree.value).tolist()
    return [
        CATEGORIES[c % len(CATEGORIES)] if column == LEAF else INK
        for c, column in zip(classes, tree.column.tolist(), strict=True)
    ]
