"""How few columns carry an explanation? Two judges that look at sizes, and at nothing else.

Sparseness is the Gini index of the sizes: 0 where all are equal, 1 - 1/n where one column has it
all. Entropy, in nats, is 0 there and log n where all are equal. Neither asks the model, or which
columns they are: values in random places have the same mark, which is therefore their chance. So
they say how easy an explanation is to read, and never how right it is. Source: Chalasani et al.
(2020) for the index; Bhatt, Weller & Moura (2020) for the entropy.
Chapter: book/judging/judges.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Score

Sizes = Float[Tensor, "*batch feature"]


def sparseness(attribution: Attribution) -> Score:
    """Score each row by the Gini index of the sizes; higher is sparser.

    A row of zeros has the mark of equal sizes, 0.

    Raises:
        ValueError: if a value is not finite.
    """
    sizes = _sizes(attribution).sort(-1).values
    n = sizes.shape[-1]
    places = 2 * torch.arange(1, n + 1, device=sizes.device) - n - 1
    total = sizes.sum(-1)
    marks = (places * sizes).sum(-1) / (n * total.where(total > 0, 1))
    return Score("sparseness", marks, marks.clone())


def entropy(attribution: Attribution) -> Score:
    """Score each row by the entropy of its shares of size, in nats; lower is simpler.

    A row of zeros has the mark of equal sizes, the logarithm of their number.

    Raises:
        ValueError: if a value is not finite.
    """
    sizes = _sizes(attribution)
    total = sizes.sum(-1, keepdim=True)
    shares = torch.where(total > 0, sizes / total.where(total > 0, 1), 1 / sizes.shape[-1])
    marks = torch.special.entr(shares).sum(-1)
    return Score("entropy", marks, marks.clone(), higher_is_better=False)


def _sizes(attribution: Attribution) -> Sizes:
    sizes = attribution.values.detach().abs()
    bad = int((~sizes.isfinite()).sum())
    if bad:
        raise ValueError(f"complexity is that of finite values; {bad} of them are others.")
    return sizes
