r"""What games have in common: a prior over games, in closed form from games played to the end.

A game is a vector of values u(S) = v(S) - v(no column), one for each coalition. Over many games,
how does u(S) go with u(S')? If columns carry no names, $E[u(S) u(S')]$ can depend on three counts
only: $|S \cap S'|$, $|S|$ and $|S'|$. So the prior is a small table of means, one for each
class of pairs. Games are scaled to a mean square of 1 first, so that large outputs count no more
than small ones.

The prior answers what an explainer asks: given u at K coalitions P, the best linear estimate of the
Shapley values is $\hat\phi = X K^{-1} u_P$, with $K = E[u_P u_P^T]$ and $X = E[\phi u_P^T]$. The
coalition of all columns is always among P, so the estimate adds up to what it has to. This is
kriging (best linear unbiased prediction) of games; no published source is known to us.
Chapter: book/local/travelling_explainer.ipynb.
"""

from dataclasses import dataclass, field
from functools import cached_property

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.explainers.coalition_design import paired_design
from metaxai_lab.explainers.coalition_posterior import Joint
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.exact import shapley_of
from metaxai_lab.explainers.played_games import PlayedGames, numbers_of

NOISE = 1e-6  # of the mean variance; keeps the system solvable


@dataclass(frozen=True)
class Prior:
    """Second moments of games by class, for one number of columns.

    Args:
        moments: E[u(S) u(S')] by |S and S'|, |S| and |S'|.
        noise: what is added to the variance of each answer, as a share of their mean.
    """

    moments: Float[Tensor, "common size other"]
    noise: float = NOISE
    _designs: dict[int, Bool[Tensor, "query feature"]] = field(default_factory=dict, repr=False)

    @property
    def n_features(self) -> int:
        """How many columns play."""
        return len(self.moments) - 1

    def covariance(
        self, masks: Bool[Tensor, "coalition feature"], others: Bool[Tensor, "other feature"]
    ) -> Float[Tensor, "coalition other"]:
        """Return E[u(S) u(S')] for each pair."""
        a, b = masks.to(self.moments), others.to(self.moments)
        common = (a @ b.T).long()
        return self.moments[common, a.sum(1).long()[:, None], b.sum(1).long()]

    @cached_property
    def everything(self) -> Joint:
        """All coalitions and the Shapley values, together."""
        everyone = all_coalitions(self.n_features, device=self.moments.device)
        asked = self.covariance(everyone, everyone)
        towards = shapley_of(asked).T
        return Joint(asked, towards, shapley_of(towards).diagonal(), self.noise)

    def joint(self, masks: Bool[Tensor, "query feature"]) -> Joint:
        """Return how the values of some coalitions and the Shapley values go together."""
        every, index = self.everything, numbers_of(masks)
        asked = every.asked[index][:, index]
        return Joint(asked, every.towards[:, index], every.shares, self.noise)

    def design(self, n_queries: int) -> Bool[Tensor, "query feature"]:
        """Return which coalitions to ask, all columns first, then pairs as greed chose them.

        Args:
            n_queries: how many v(S) are paid for, with v(no column), which is asked as well; so one
                fewer masks are returned, or two where an odd one is left.

        Raises:
            ValueError: if it leaves no pair to ask, or there are not so many coalitions.
        """
        n_pairs, there = (n_queries - 2) // 2, 2 ** (self.n_features - 1) - 1
        if not 1 <= n_pairs <= there:
            raise ValueError(
                f"{n_queries} questions leave {n_pairs} pairs besides the two ends; the columns "
                f"have {there}. Ask from 4 to {2 * there + 2}."
            )
        if n_pairs not in self._designs:
            self._designs[n_pairs] = paired_design(self.everything, n_pairs)
        return self._designs[n_pairs]


def fit_prior(games: PlayedGames, *, noise: float = NOISE) -> Prior:
    """Learn the second moments of games: one mean for each class of pairs of coalitions.

    Games whose values are all equal say nothing and are left out.

    Raises:
        ValueError: if no game is left.
    """
    n = games.n_features
    u = (games.values - games.values[..., :1]).flatten(0, 1).double()
    size = u.square().mean(1, keepdim=True).sqrt()
    u = (u / size.clamp(min=1e-12))[size[:, 0] > 1e-9]
    if not len(u):
        raise ValueError("a prior is learned from games with different values; found none.")
    masks = all_coalitions(n, device=u.device).to(u)
    sizes = masks.sum(1).long()
    which = ((masks @ masks.T).long() * (n + 1) + sizes[:, None]) * (n + 1) + sizes
    pairs = torch.bincount(which.flatten(), minlength=(n + 1) ** 3)
    sums = torch.bincount(which.flatten(), (u.T @ u / len(u)).flatten(), minlength=(n + 1) ** 3)
    return Prior((sums / pairs.clamp(min=1)).view(n + 1, n + 1, n + 1), noise)


def hand_prior(n_features: int, ratio: float = 0.03, *, noise: float = NOISE) -> Prior:
    r"""Return a prior by hand: an interaction of k columns has variance `ratio` to the power k.

    Then $E[u(S) u(S')] = (1 + ratio)^{|S \cap S'|} - 1$: the columns in common, and their
    interactions. At a ratio of 1 interactions of all orders are as large as the columns' own parts.
    """
    common = torch.arange(n_features + 1, dtype=torch.float64)
    row = torch.expm1(common * torch.log1p(torch.tensor(ratio, dtype=torch.float64)))
    shape = (n_features + 1,) * 3
    moments = row[:, None, None].expand(shape).clone()
    return Prior(moments / moments[-1, -1, -1].clone(), noise)
