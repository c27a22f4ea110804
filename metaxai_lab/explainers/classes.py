"""From the outputs of a model to its classes, and from classes counted in a leaf to outputs.

A model of one output gives the log-odds of class 1; a model of more gives a number for each class.
Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Sequence

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.answers import answered
from metaxai_lab.explainers.seen import column_names


def classes_of(outputs: Float[Tensor, "*batch output"]) -> Int[Tensor, "*batch"]:
    """Return the class each row is put in; between equals, the first."""
    if outputs.shape[-1] == 1:
        return (outputs[..., 0] > 0).long()
    return outputs.argmax(-1)


def asked_classes(
    teacher: Model, x: Float[Tensor, "*batch row feature"]
) -> tuple[Int[Tensor, "*batch row"], int]:
    """Ask a model for the class of each row, and return the classes and how many outputs it has.

    Raises:
        ModelFailedError: if the model raises an error.
        ValueError: if it answers NaN, infinity, or other rows than it was asked for.
    """
    outputs = answered(teacher, x).detach()
    return classes_of(outputs), outputs.shape[-1]


def outputs_of(counts: Float[Tensor, "node class"], n_outputs: int) -> Float[Tensor, "node output"]:
    """Return log-odds or log shares from the rows of each class, one row more in each.

    The row more keeps a leaf of one class from being infinitely sure; it moves no class to the top.
    """
    more = counts + 1
    if n_outputs == 1:
        return (more[:, 1:] / more[:, :1]).log()
    return (more / more.sum(-1, keepdim=True)).log()


def one_hot(labels: Int[Tensor, " row"], n_outputs: int) -> Float[Tensor, "row class"]:
    """Return a 1 in the column of each row's class: two columns for one output.

    Raises:
        ValueError: if a label is no class.
    """
    n_classes = max(2, n_outputs)
    found = sorted(set(labels.tolist()))
    if found and not 0 <= found[0] <= found[-1] < n_classes:
        raise ValueError(
            f"labels of a model with {n_outputs} outputs are 0 to {n_classes - 1}; found {found}."
        )
    return F.one_hot(labels, n_classes).float()


def classes_said(names: Sequence[str], n_outputs: int) -> tuple[str, ...]:
    """Return what the classes of a model with so many outputs are called: 0, 1, ... without names.

    Raises:
        ValueError: if there are names, and they do not count the classes.
    """
    n_classes = max(2, n_outputs)
    return column_names(names, n_classes) if names else tuple(map(str, range(n_classes)))
