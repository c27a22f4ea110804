"""A lender that a learner is to foretell: eight cases in which two columns are always equal.

Chapter: book/judging/judges.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

NAMES = ("income", "savings", "age", "debts")


def lender(x: Float[Tensor, "*batch row feature"]) -> Float[Tensor, "*batch row 1"]:
    """Return what the lender makes of each case: above 0 is a yes."""
    _, savings, _, debts = x.unbind(-1)
    return (1.5 * savings - debts).unsqueeze(-1)


def cases_shown() -> Float[Tensor, "row feature"]:
    """Return eight cases: savings equal income, and debts are nearly age."""
    money = torch.tensor([-2.0, 1, 1, 2, 2, -1, 2, -1])
    age = torch.tensor([-1.0, 0, 0, -1, 2, 2, 1, 1])
    debts = torch.tensor([-1.0, 0, 1, -1, 2, 2, 1, 1])
    return torch.stack([money, money, age, debts], 1)


def cases_asked() -> Float[Tensor, "row feature"]:
    """Return two other cases, in both of which income and savings point opposite ways."""
    return torch.tensor([[2.0, -1, -1, 1], [-2.0, 1, 2, -1]])
