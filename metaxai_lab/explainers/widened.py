"""How sure is an amortised explainer? Its members disagree; here their disagreement gets a scale.

Networks that were trained on the same values err alike, so that they disagree less than they err.
On a few rows whose exact values are known one sees how much less. Source: Lakshminarayanan, Pritzel
& Blundell (2017) for ensembles; the scale is that of a split conformal interval, Lei et al. (2018).
Chapter: book/local/amortized.ipynb.
"""

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.explainers.amortized import AmortizedExplainer


def widened(
    explainer: AmortizedExplainer,
    rows: Float[Tensor, "row feature"],
    exact: Float[Tensor, "row feature"],
    *,
    share: float = 0.9,
) -> AmortizedExplainer:
    """Return the same with spreads that held on rows whose exact values are known.

    Args:
        share: of the exact values that then lie within 1.64 spreads, for 0.9.

    Raises:
        ValueError: if the explainer has one member, which cannot disagree.
    """
    plain = replace(explainer, widen=1.0)
    said = plain(plain.game.model, rows, target=plain.game.target)
    if said.spread is None:
        raise ValueError("a spread needs two members or more; train with n_members.")
    off = (said.values - exact).abs() / said.spread.clamp_min(1e-12)
    normal = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + share) / 2))
    return replace(explainer, widen=float(off.quantile(share) / normal))
