"""A biased lender that hides from explainers: it answers innocently wherever a row looks made up.

Explainers that mix the columns of several rows ask about rows that cannot occur. A detector that
knows how the columns of real rows hang together notices that, and hands the question to an innocent
rule; real applicants meet the biased one. Source: Slack, Hilgard, Jia, Singh & Lakkaraju (2020).
Chapter: book/judging/when_judges_disagree.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.exact import shapley_of

Rows = Float[Tensor, "*batch feature"]
COLUMNS = ("income", "savings", "rent", "taxes", "spending", "debts", "shoe size", "group")
INNOCENT, BIASED = 6, 7  # the columns that the two rules read
PULL = 3.0  # log-odds


def lender_table(
    n_rows: int, *, correlation: float = 0.95, stand_in: float = 0.0, seed: int = 0
) -> Rows:
    """Draw applicants: six sums of money that hang together, a shoe size, and a group of two.

    Args:
        correlation: of each two of the first six columns.
        stand_in: of shoe size and group; 0 draws both by themselves.
    """
    g = seeded(seed)
    common = torch.randn(n_rows, 1, generator=g)
    own = torch.randn(n_rows, 6, generator=g)
    money = correlation**0.5 * common + (1 - correlation) ** 0.5 * own
    shoes = torch.randn(n_rows, 1, generator=g)
    group = 2.0 * torch.randint(2, (n_rows, 1), generator=g) - 1
    shoes = stand_in * group + (1 - stand_in**2) ** 0.5 * shoes
    return torch.cat([money, shoes, group], 1)


@dataclass(frozen=True)
class Detector:
    """Says which rows look real: whether their columns hang together as in a table.

    Args:
        centre: the mean of each column.
        spread: the inverse of the covariance.
        most: the squared distance, in deviations, that a share of the real rows stays below.
    """

    centre: Float[Tensor, " feature"]
    spread: Float[Tensor, "feature feature"]
    most: float

    @classmethod
    def of(cls, table: Float[Tensor, "row feature"], *, share: float = 0.99) -> "Detector":
        """Learn from a table what real rows look like, so that `share` of them pass."""
        spread = torch.linalg.inv(torch.cov(table.T))
        open_to_all = cls(table.mean(0), spread, float("inf"))
        return cls(open_to_all.centre, spread, float(open_to_all.distance(table).quantile(share)))

    def distance(self, x: Rows) -> Float[Tensor, "*batch"]:
        """Return the squared Mahalanobis distance of each row."""
        away = x - self.centre
        return (away @ self.spread * away).sum(-1)

    def real(self, x: Rows) -> Bool[Tensor, "*batch"]:
        """Say which rows look real."""
        return self.distance(x) <= self.most


def biased(x: Rows) -> Float[Tensor, "*batch 1"]:
    """Answer by the group alone, in log-odds."""
    return PULL * x[..., BIASED : BIASED + 1]


def innocent(x: Rows) -> Float[Tensor, "*batch 1"]:
    """Answer by whether the shoe size is above its mean, in log-odds."""
    return PULL * x[..., INNOCENT : INNOCENT + 1].sign()


@dataclass(frozen=True)
class Hidden:
    """The lender that hides: biased to rows that look real, innocent to all others."""

    detector: Detector

    def __call__(self, x: Rows) -> Float[Tensor, "*batch 1"]:
        """Return the log-odds of each row."""
        return torch.where(self.detector.real(x)[..., None], biased(x), innocent(x))


def first_named(attribution: Attribution, column: int) -> float:
    """Return the share of rows in which a column has the largest value, signs aside."""
    return float((attribution.values.abs().argmax(-1) == column).float().mean())


def mixtures(
    x: Float[Tensor, "row feature"], background: Float[Tensor, "background feature"]
) -> Float[Tensor, "many feature"]:
    """Return all rows that mix a row with one of the background: every coalition but the ends."""
    masks = all_coalitions(x.shape[-1], device=x.device)[1:-1, None, None]
    return torch.where(masks, x[:, None], background).flatten(0, 2)


def moved_on_data(
    attribution: Attribution, model: Hidden, table: Float[Tensor, "seen feature"], *, k: int
) -> float:
    """Return how far the answer moves, at the mean, without the column of largest value.

    It is taken away by looking at the `k` rows of the table nearest in all other columns.
    """
    x = attribution.inputs
    masks = ~torch.eye(x.shape[-1], device=x.device).bool()
    without = on_data_values(model, x, table, masks, k=k)
    top = attribution.values.abs().argmax(-1, keepdim=True)
    with torch.no_grad():
        return float((model(x)[:, 0] - without.gather(1, top)[:, 0]).abs().mean())


def on_data_shapley(
    model: Hidden, x: Float[Tensor, "row feature"], table: Float[Tensor, "seen feature"], *, k: int
) -> Attribution:
    """Give Shapley values of a game that asks the model about real rows only.

    A coalition is worth the mean output over the `k` rows of the table that are nearest to the row
    in its columns, with all columns as they stand there.
    """
    values = on_data_values(model, x, table, all_coalitions(x.shape[-1]), k=k)
    with torch.no_grad():
        values[:, -1] = model(x)[:, 0]
    return Attribution(shapley_of(values), x, values[:, -1], values[:, 0])


def on_data_values(
    model: Hidden,
    x: Float[Tensor, "row feature"],
    table: Float[Tensor, "seen feature"],
    masks: Bool[Tensor, "coalition feature"],
    *,
    k: int,
) -> Float[Tensor, "row coalition"]:
    """Return the mean output over the `k` rows of the table nearest in each coalition's columns.

    The empty coalition is worth the mean over the whole table.
    """
    with torch.no_grad():
        said = model(table)[:, 0]
    far = (x[:, None] - table).square() @ masks.to(x).T
    near = far.topk(k, dim=1, largest=False).indices
    values = said[near].mean(1)
    values[:, ~masks.any(1)] = said.mean()
    return values
