"""Random models by the thousand: what an explainer meets before it meets yours.

Four families: linear, networks, products with sines, and ensembles of oblivious trees (one question
a level: the cut of CatBoost). Each model has a few columns that matter more than others, tables of
its own (correlated, some columns binary or skewed), and either its raw score or a sigmoid of it as
output. Models of one stack share their architecture, so that they answer in one batch.
Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

Scores = Callable[[Float[Tensor, "task row feature"]], Float[Tensor, "task row"]]
ACTIVATIONS = (torch.relu, torch.tanh, torch.nn.functional.gelu)
GAINS = (0.7, 10.0)  # of the sigmoid: nearly linear to nearly a step, even on a log scale
N_SEEN = 256  # rows of a model's table, by which its scores are standardised


@dataclass(frozen=True)
class RandomModels:
    """A stack of models of one family, each with the table it is asked about.

    Args:
        scores: the raw scores, standardised below.
        rows: of each model's table.
        centre: mean score over its table.
        scale: standard deviation of the score over its table.
        gain: what a standardised score is multiplied by before the sigmoid; 0 where the
            standardised score itself is the output.
    """

    family: str
    scores: Scores
    rows: Float[Tensor, "task row feature"]
    centre: Float[Tensor, " task"]
    scale: Float[Tensor, " task"]
    gain: Float[Tensor, " task"]

    def __call__(self, x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row 1"]:
        """Return the output of each model for its rows, as one column."""
        score = (self.scores(x) - self.centre[:, None]) / self.scale[:, None]
        gain = self.gain[:, None]
        return torch.where(gain > 0, torch.sigmoid(gain * score), score)[..., None]


def random_models(
    family: str, *, n_models: int, n_features: int = 10, generator: Generator
) -> RandomModels:
    """Draw a stack of models of one family, which share their architecture.

    Raises:
        ValueError: if the family is unknown, or a number is below 1.
    """
    if family not in FAMILIES or min(n_models, n_features) < 1:
        raise ValueError(
            f"families are {', '.join(FAMILIES)}, with one model and one column at least; found "
            f"{family!r}, {n_models} and {n_features}."
        )
    g = generator
    rows = random_tables(n_models, n_features, generator=g)
    scores = FAMILIES[family](_relevances(n_models, n_features, g), g)
    seen = scores(rows)
    bent = torch.rand(n_models, generator=g) < 0.5
    gain = GAINS[0] * (GAINS[1] / GAINS[0]) ** torch.rand(n_models, generator=g) * bent
    return RandomModels(family, scores, rows, seen.mean(1), seen.std(1).clamp(min=1e-4), gain)


def random_tables(
    n_tables: int, n_features: int, *, n_rows: int = N_SEEN, generator: Generator
) -> Float[Tensor, "task row feature"]:
    """Draw standardised tables: correlated, with binary columns (15 %) and skewed ones (15 %)."""
    g, d = generator, n_features
    strength = 0.6 * torch.rand(n_tables, 1, 1, generator=g)
    mixing = torch.eye(d) + strength * torch.randn(n_tables, d, d, generator=g)
    x = torch.randn(n_tables, n_rows, d, generator=g) @ mixing.mT
    x = x / x.std(1, keepdim=True)
    kind = torch.rand(n_tables, 1, d, generator=g)
    cut = 0.5 * torch.randn(n_tables, 1, d, generator=g)
    x = torch.where(kind < 0.15, (x > cut).float(), x)
    x = torch.where((kind >= 0.15) & (kind < 0.3), torch.exp(0.7 * x), x)
    return (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True).clamp(min=1e-3)


def _relevances(n: int, d: int, g: Generator) -> Float[Tensor, "task feature"]:
    """Return how much each column matters: sizes from even to steep, and some that are 0."""
    steep = 1 + 2 * torch.rand(n, 1, generator=g)
    kept = torch.rand(n, d, generator=g) > 0.4 * torch.rand(n, 1, generator=g)
    relevance = torch.rand(n, d, generator=g) ** steep * kept
    return torch.where(relevance.sum(1, keepdim=True) > 0, relevance, torch.ones(()))


def _linear(relevance: Float[Tensor, "task feature"], g: Generator) -> Scores:
    weights = torch.randn(relevance.shape, generator=g) * relevance
    return lambda x: torch.einsum("trd,td->tr", x, weights.to(x))


def _networks(relevance: Float[Tensor, "task feature"], g: Generator) -> Scores:
    (n, d), width = relevance.shape, int(8 * 2 ** (3 * _uniform(g)))
    depth, act = 1 + int(2 * _uniform(g)), ACTIVATIONS[int(3 * _uniform(g))]
    size = (0.5 + 2 * torch.rand(n, 1, 1, generator=g)) * relevance[..., None]
    size = size / relevance.norm(dim=1).clamp(min=0.3)[:, None, None]
    layers = [torch.randn(n, d, width, generator=g) * size]
    for _ in range(depth - 1):
        layers.append(torch.randn(n, width, width, generator=g) * 1.4 / width**0.5)
    biases = [0.7 * torch.randn(n, 1, width, generator=g) for _ in layers]
    last = torch.randn(n, width, 1, generator=g) / width**0.5

    def scores(x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row"]:
        for layer, bias in zip(layers, biases, strict=True):
            x = act(torch.baddbmm(bias.to(x), x, layer.to(x)))
        return torch.bmm(x, last.to(x))[..., 0]

    return scores


def _products(relevance: Float[Tensor, "task feature"], g: Generator) -> Scores:
    n, d = relevance.shape
    weights = torch.randn(n, d, generator=g) * relevance
    met = (torch.rand(n, d, d, generator=g) < 0.25) * 1.5 * torch.rand(n, 1, 1, generator=g)
    pairs = torch.randn(n, d, d, generator=g) * relevance[:, :, None] * relevance[:, None] * met
    waves = torch.randn(n, d, generator=g) * relevance * torch.rand(n, 1, generator=g)

    def scores(x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row"]:
        bent = torch.bmm(x, pairs.to(x)) + weights.to(x)[:, None]
        bent = bent * x + waves.to(x)[:, None] * torch.sin(1.5 * x)
        return bent.sum(-1)

    return scores


def _trees(relevance: Float[Tensor, "task feature"], g: Generator) -> Scores:
    n, n_trees, depth = len(relevance), int(5 + 30 * _uniform(g)), 2 + int(3 * _uniform(g))
    odds = relevance + 0.02
    asked = torch.multinomial(odds, n_trees * depth, replacement=True, generator=g)
    cuts = 0.8 * torch.randn(n, n_trees * depth, generator=g)
    place = 2 ** torch.arange(depth)
    bits = (torch.arange(2**depth)[:, None] & place > 0).float()
    leaves = torch.randn(n, n_trees, 2**depth, generator=g)
    leaves = leaves + 1.2 * torch.randn(n, n_trees, depth, generator=g) @ bits.T  # partly additive
    first = (2**depth * torch.arange(n_trees)).float()
    flat = leaves.flatten(1) / n_trees**0.5

    def scores(x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row"]:
        index = asked.to(x.device)[:, None].expand(-1, x.shape[1], -1)
        yes = (x.gather(2, index) > cuts.to(x)[:, None]).to(x)
        leaf = yes.unflatten(2, (n_trees, depth)) @ place.to(x) + first.to(x)
        found = flat.to(x).gather(1, leaf.flatten(1).long())
        return found.unflatten(1, (x.shape[1], n_trees)).sum(-1)

    return scores


def _uniform(g: Generator) -> float:
    return float(torch.rand((), generator=g))


FAMILIES: Mapping[str, Callable[[Float[Tensor, "task feature"], Generator], Scores]] = {
    "linear": _linear,
    "networks": _networks,
    "products": _products,
    "trees": _trees,
}
