"""The three small networks that the part Local explains: trained in about a second each.

"synth12" learns a planted table of 12 correlated columns, in which 8 act, some of them in pairs;
"bc12" and "bc30" learn breast cancer from its 12 columns that tell the classes apart best, and from
all 30. Columns have mean 0 and deviation 1.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Model, initialised_with, seeded
from metaxai_lab.learners.base_nets import Mlp
from metaxai_lab.tasks.bundled_tables import breast_cancer

LOCAL_MODELS = ("synth12", "bc12", "bc30")
N_PLANTED = 3000
Table = tuple[Float[Tensor, "row feature"], Float[Tensor, " row"], tuple[str, ...]]


@dataclass(frozen=True)
class LocalModel:
    """A trained model with what is needed to explain it.

    Args:
        model: rows to one output, the log-odds of class 1.
        data: the rows it was trained on.
        rows: rows it has not seen, to be explained.
        background: some rows of `data`, for games.
        accuracy: the share of `rows` it tells right.
    """

    name: str
    model: Model
    data: Float[Tensor, "seen feature"]
    rows: Float[Tensor, "row feature"]
    background: Float[Tensor, "background feature"]
    feature_names: tuple[str, ...]
    accuracy: float


def local_model(
    name: str, *, seed: int = 0, n_background: int = 32, steps: int = 400, n_apart: int = 0
) -> LocalModel:
    """Train one of `LOCAL_MODELS` on four fifths of its table.

    Args:
        n_apart: rows that no seed trains on; they are the first of `rows`.

    Raises:
        ValueError: if there is no such model.
    """
    if name not in LOCAL_MODELS:
        raise ValueError(f"the models of this part are {', '.join(LOCAL_MODELS)}; found {name!r}.")
    generator = seeded(seed)
    x, y, names = planted_table(generator) if name == "synth12" else cancer_table(int(name[2:]))
    order = torch.randperm(len(x), generator=generator)
    apart = torch.randperm(len(x), generator=seeded(len(x)))[:n_apart]
    order = order[~torch.isin(order, apart)]
    seen, rest = order[: len(x) * 4 // 5], torch.cat([apart, order[len(x) * 4 // 5 :]])
    net = _trained(x[seen], y[seen], steps=steps, generator=generator)
    some = torch.randperm(len(seen), generator=generator)[:n_background]
    right = (net(x[rest])[:, 0] > 0) == (y[rest] > 0)
    return LocalModel(
        name, net, x[seen], x[rest], x[seen][some], names, float(right.float().mean())
    )


def planted_table(generator: Generator) -> Table:
    """Draw rows whose class follows a sum with two products, a wave and a square."""
    mixing = 0.35 * torch.randn(12, 12, generator=generator) + torch.eye(12)
    x = torch.randn(N_PLANTED, 12, generator=generator) @ mixing.T
    x = x / x.std(0)
    alone = 1.5 * x[:, 0] - x[:, 1] + (2 * x[:, 4]).sin() + 0.5 * x[:, 7].square()
    total = alone + x[:, 2] * x[:, 3] + x[:, 5].relu() * x[:, 6]
    noise = 0.3 * torch.rand(N_PLANTED, generator=generator).clamp(1e-6, 1 - 1e-6).logit()
    y = (total - total.median() + noise > 0).float()
    return x, y, tuple(f"x{column}" for column in range(12))


def cancer_table(n_columns: int) -> Table:
    """Return the columns of breast cancer that tell the classes apart best, standardised."""
    table = breast_cancer()
    x = (table.x - table.x.mean(0)) / table.x.std(0)
    best = separation(x, table.y.bool()).argsort(descending=True)[:n_columns]
    return x[:, best], table.y.float(), tuple(str(table.feature_names[i]) for i in best.tolist())


def separation(x: Float[Tensor, "row feature"], positive: Tensor) -> Float[Tensor, " feature"]:
    """Return how far apart two classes lie in each column, in deviations within them."""
    one, other = x[positive], x[~positive]
    within = (one.var(0) * (len(one) - 1) + other.var(0) * (len(other) - 1)) / (len(x) - 2)
    return (one.mean(0) - other.mean(0)).abs() / within.sqrt()


def _trained(
    x: Float[Tensor, "row feature"],
    y: Float[Tensor, " row"],
    *,
    steps: int,
    generator: Generator,
) -> Mlp:
    with initialised_with(generator):
        net = Mlp(x.shape[1], (64, 64))
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-2, fused=True)
    for _ in range(steps):
        batch = torch.randint(len(x), (256,), generator=generator)
        optimiser.zero_grad()
        F.binary_cross_entropy_with_logits(net(x[batch])[:, 0], y[batch]).backward()
        optimiser.step()
    return net.requires_grad_(False)
