"""If the network forgets what it learned, does its explanation notice?

An explanation that stays alike when weights are drawn anew, or labels are shuffled, does not speak
of what was learned. Source: Adebayo et al. (2018). Chapter:
book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import TypeVar

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import Attribution, Examples, Score, initialised_with
from metaxai_lab.evaluation.agreement import rank_correlation

Module = TypeVar("Module", bound=nn.Module)


def randomised(
    module: Module, *, generator: Generator, layers: Collection[str] | None = None
) -> Module:
    """Return a copy whose weights are drawn anew; the module itself stays.

    A layer draws its weights as it did when it was made. A weight that belongs to no layer that
    could, such as a table of places, has its entries shuffled; so a single number stays.

    Args:
        layers: names from `layer_names`, or of what holds them; all where it is None.

    Raises:
        ValueError: if a name is none of them.
    """
    names = layer_names(module)
    if layers is None:
        return _drawn_anew(module, names, generator)
    chosen = [name for name in names if any(_within(name, asked) for asked in layers)]
    unknown = [asked for asked in layers if not any(_within(name, asked) for name in names)]
    if unknown:
        raise ValueError(f"{unknown} name no layer with weights; there are {names}.")
    return _drawn_anew(module, chosen, generator)


def cascade(module: Module, *, generator: Generator) -> Iterator[tuple[str, Module]]:
    """Yield copies with the last layer drawn anew, then the last two, and so on to all of them.

    The order is that of definition, from the last: it is that of use where a network was written
    down as it runs. Each comes with the name of the layer that was drawn last.
    """
    for name in reversed(layer_names(module)):
        module = _drawn_anew(module, [name], generator)
        yield name, module


def layer_names(module: nn.Module) -> list[str]:
    """List the parts of a module that own weights, as they were defined; "" is the module."""
    parts = module.named_modules()
    return [name for name, part in parts if next(part.parameters(recurse=False), None) is not None]


def shuffled_labels(support: Examples, *, generator: Generator) -> Examples:
    """Return the support rows with the labels of each task dealt anew; each stays as frequent."""
    order = torch.rand(support.y.shape, generator=generator).argsort(-1).to(support.y.device)
    return Examples(support.x, support.y.gather(-1, order))


def likeness(a: Attribution, b: Attribution, *, absolute: bool = False) -> Score:
    """Score how alike two explanations order the columns, by Spearman's correlation; chance is 0.

    In a sanity check, near 0 is what an explanation that speaks of the weights would give. A row
    that one of the two says the same of everywhere scores 0, and `sensitive_to` counts such rows.

    Args:
        absolute: whether signs are dropped first.

    Raises:
        ValueError: if the two have other shapes, or a value is not finite.
    """
    if a.values.shape != b.values.shape:
        raise ValueError(
            f"two explanations are compared row by row and column by column; found "
            f"{tuple(a.values.shape)} beside {tuple(b.values.shape)}."
        )
    one, other = (found.values.detach() for found in (a, b))
    if not bool((one.isfinite() & other.isfinite()).all()):
        raise ValueError("likeness compares finite values; one of the explanations has others.")
    if absolute:
        one, other = one.abs(), other.abs()
    marks, n_flat = rank_correlation(one, other), int((_flat(one) | _flat(other)).sum())
    knobs = ("absolute",) + ((f"{n_flat} rows without an order",) if n_flat else ())
    return Score("likeness", marks, torch.zeros_like(marks), sensitive_to=knobs)


def _flat(values: Float[Tensor, "*batch column"]) -> Bool[Tensor, "*batch"]:
    return (values == values[..., :1]).all(-1)


def _within(name: str, asked: str) -> bool:
    return name == asked or (asked != "" and name.startswith(f"{asked}."))


def _drawn_anew(module: Module, names: Collection[str], generator: Generator) -> Module:
    fresh = deepcopy(module)
    with torch.no_grad(), initialised_with(generator):
        for name in names:
            _draw(fresh.get_submodule(name))
    return fresh


def _draw(part: nn.Module) -> None:
    reset = getattr(part, "reset_parameters", None) or getattr(part, "_reset_parameters", None)
    if reset is not None:
        reset()
        return
    for weight in part.parameters(recurse=False):
        entries = weight.flatten()
        weight.copy_(entries[torch.randperm(len(entries)).to(weight.device)].view_as(weight))
