"""Three kinds of explanation of one model: the planted tasks, the network and the tools of a page.

The planted tasks hold a column that acts through a product alone. The network reads ten
measurements of cell nuclei, of which three say the same: how large the nuclei are. Sources:
Breiman (2001), section 10, for permuting a column; Fisher, Rudin & Dominici (2019), section 3, for
doing it to a model rather than to its error; Street, Wolberg & Mangasarian (1993) for the table.
Chapter: book/concepts/three_kinds_of_explanation.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Examples, Model, at_scale, initialised_with, seeded
from metaxai_lab.learners.base_nets import Mlp
from metaxai_lab.tasks import PlantedFamily, PlantedTasks, table

SIZE_COLUMNS = ("radius", "perimeter", "area")
OTHER_COLUMNS = ("texture", "smoothness", "symmetry")  # as many, which do not say the same
_PREFIX = "worst "  # of a measurement: the mean of the three largest nuclei of a patient
_HELD_OUT = 0.4


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_rows: int  # of each planted task
    n_neighbours: int  # of a row, for LIME
    n_background: int  # rows that an absent column is taken from
    n_explained: int  # patients
    n_repeats: int  # of each permutation


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(1000, 50_000, 50, 100, 10), full=Plan(20_000, 1_000_000, 100, 228, 100)
    )


def planted(n_tasks: int, *, generator: Generator) -> PlantedTasks:
    """Draw tasks of eight independent columns, four of which act, in two products.

    The second that acts has no weight: it acts through its product alone, see `gate`.
    """
    family = PlantedFamily(
        n_features=8, n_relevant=4, shared="pool", interactions=((0, 1), (2, 3)), noise=0.0
    )
    tasks = family.tasks(n_tasks, generator=generator)
    weights = tasks.weights.masked_fill(gate(tasks), 0.0)
    return replace(tasks, function=replace(tasks.function, weights=weights))


def gate(tasks: PlantedTasks) -> Bool[Tensor, "*tasks feature"]:
    """Mark the column of each task that acts through a product alone."""
    return tasks.relevant & (tasks.relevant.cumsum(-1) == 2)


@dataclass(frozen=True)
class Patients:
    """A network and its patients: those it learned from, and new ones.

    Args:
        model: gives the log-odds of malignant.
        seen: standardised measurements and the diagnosis (1 is malignant) of those learned from.
        new: the same of patients held out.
        names: of the columns.
    """

    model: Model
    seen: Examples
    new: Examples
    names: tuple[str, ...]

    def columns(self, names: Sequence[str]) -> Int[Tensor, " column"]:
        """Return the places of some columns."""
        return torch.tensor([self.names.index(name) for name in names])


def patients(seed: int, *, steps: int = 100) -> Patients:
    """Split the patients at random, and train a network on those that are not held out."""
    g = seeded(seed)
    whole = table("breast_cancer")
    kept = [i for i, name in enumerate(whole.feature_names) if name.startswith(_PREFIX)]
    names = tuple(whole.feature_names[i].removeprefix(_PREFIX) for i in kept)
    malignant = (whole.y == whole.class_names.index("malignant")).long()
    order = torch.randperm(len(malignant), generator=g)
    new, seen = order.tensor_split([round(_HELD_OUT * len(order))])
    x = whole.x[:, kept]
    x = (x - x[seen].mean(0)) / x[seen].std(0)
    known, later = (Examples(x[some], malignant[some]) for some in (seen, new))
    return Patients(_trained(known, steps=steps, generator=g), known, later, names)


def _trained(rows: Examples, *, steps: int, generator: Generator) -> Mlp:
    with initialised_with(generator):
        net = Mlp(rows.x.shape[1], (32, 32), 1)
    adam = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.1, fused=True)
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(net(rows.x)[:, 0], rows.y.float())
        adam.zero_grad()
        loss.backward()
        adam.step()
    return net.requires_grad_(False).eval()


def permuted(
    model: Model,
    x: Float[Tensor, "row feature"],
    columns: Int[Tensor, " column"],
    *,
    n_repeats: int,
    generator: Generator,
) -> float:
    """Return the mean squared change of the output when rows exchange their values of `columns`.

    The columns travel together: a row gets all of them from the same other row. No label takes
    part, so this asks what the model uses, whether or not that is right.
    """
    changes = []
    for _ in range(n_repeats):
        other = x.clone()
        other[:, columns] = x[torch.randperm(len(x), generator=generator)][:, columns]
        changes.append((model(other) - model(x))[..., 0].square().mean())
    return float(torch.stack(changes).mean())


def importance(
    model: Model, x: Float[Tensor, "row feature"], *, n_repeats: int, generator: Generator
) -> Float[Tensor, " feature"]:
    """Return what `permuted` finds for each column by itself."""
    columns = torch.arange(x.shape[1])[:, None]
    found = [permuted(model, x, c, n_repeats=n_repeats, generator=generator) for c in columns]
    return torch.tensor(found)


def without(
    model: Model,
    x: Float[Tensor, "row feature"],
    column: Int[Tensor, " row"],
    background: Float[Tensor, "other feature"],
) -> Float[Tensor, " row"]:
    """Return how far the output of each row moves when one column of its own is taken from it.

    The column gets the values of the background, one after the other; the outputs are averaged.
    """
    gone = F.one_hot(column, x.shape[1]).bool()[:, None]
    mixed = torch.where(gone, background, x[:, None])
    return (model(x) - model(mixed).mean(1))[..., 0].abs()


def plane(x: Float[Tensor, "row feature"], outputs: Float[Tensor, "row 1"]) -> Model:
    """Return the plane with an intercept that is nearest to some outputs, in squared error."""
    one = F.pad(x, (1, 0), value=1.0)
    fitted = torch.linalg.lstsq(one, outputs).solution
    return lambda rows: F.pad(rows, (1, 0), value=1.0) @ fitted


def asked_about(tree: Any, x: Float[Tensor, "row feature"]) -> Bool[Tensor, "row feature"]:
    """Mark the columns that a decision tree of scikit-learn asks about on the way of each row."""
    passed = torch.tensor(tree.decision_path(x.numpy()).toarray()).bool()
    column = torch.tensor(tree.tree_.feature)
    return torch.stack([passed[:, column == j].any(1) for j in range(x.shape[1])], 1)
