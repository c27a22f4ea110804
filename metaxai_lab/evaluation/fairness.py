"""Is a rule fair to a group? Two gaps between groups, and how well a column tells the group.

Demographic parity compares how many of each group get a yes. Equal opportunity compares it among
those alone who would have kept their word: a group that has less, for whatever reason, may get a
yes less often under a rule that asks for the same of everybody, and then the two gaps differ.
Source: Hardt, Price & Srebro (2016), section 2. Chapter: book/applications/finance.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.evaluation.recovery import area


class EmptyGroupError(ValueError):
    """A share of nobody is no number."""


def approval_gap(approved: Bool[Tensor, " row"], group: Bool[Tensor, " row"]) -> float:
    """Return the share of yes outside the group, less that inside: demographic parity is 0.

    Raises:
        EmptyGroupError: if the group is empty, or everybody is in it.
    """
    return share(approved, ~group, "outside the group") - share(approved, group, "in the group")


def opportunity_gap(
    approved: Bool[Tensor, " row"], deserved: Bool[Tensor, " row"], group: Bool[Tensor, " row"]
) -> float:
    """Return the same among those who deserve a yes: equal opportunity is 0.

    Raises:
        EmptyGroupError: if nobody in the group, or nobody outside it, deserves one.
    """
    outside = share(approved, ~group & deserved, "outside the group among the deserving")
    return outside - share(approved, group & deserved, "in the group among the deserving")


def share(approved: Bool[Tensor, " row"], among: Bool[Tensor, " row"], who: str) -> float:
    """Return the share of yes among some.

    Raises:
        EmptyGroupError: if there are none.
    """
    if not bool(among.any()):
        raise EmptyGroupError(
            f"nobody is {who}, so no share of them can be taken. Gather rows of both sides, or "
            "say that the rule was not audited for this group."
        )
    return float(approved[among].double().mean())


def tells_group(
    x: Float[Tensor, "row feature"], group: Bool[Tensor, " row"]
) -> Float[Tensor, " feature"]:
    """Return for each column how well it alone tells the group: 0.5 is not at all, 1 is always.

    It is the chance that of two people, one of each side, the column ranks them the way that it
    ranks most such pairs; ties count a half.

    Raises:
        EmptyGroupError: if the group is empty, or everybody is in it.
    """
    share(group, group, "in the group")
    share(group, ~group, "outside the group")
    ahead = area(x.T, group.expand(x.shape[1], -1))
    return torch.maximum(ahead, 1 - ahead)
