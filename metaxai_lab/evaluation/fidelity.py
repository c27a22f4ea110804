"""Fidelity: on which rows does a surrogate say what its teacher says?

It is not accuracy: where the teacher is wrong, a faithful surrogate is wrong too. And it belongs to
the rows it was asked on; on others it may be much lower. Source: Craven & Shavlik (1996).
Chapter: book/global/trees_and_rules.ipynb.
"""

from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Model, Score
from metaxai_lab.explainers.classes import asked_classes


def fidelity(surrogate: Model, teacher: Model, x: Float[Tensor, "*batch row feature"]) -> Score:
    """Mark each row with 1 where the surrogate gives the teacher's class, and with 0 elsewhere.

    Chance is what one gets who always says the class that the teacher gives most often, in each
    table of a stack by itself. Where the teacher knows one class only, chance is 1, and the mark
    says nothing.

    Raises:
        ModelFailedError: if one of the two raises an error.
        ValueError: if there are no rows, or one of the two answers NaN, infinity or other rows.
    """
    if not x.shape[-2]:
        raise ValueError("fidelity needs rows to ask on; found none.")
    (said, _), (meant, _) = asked_classes(surrogate, x), asked_classes(teacher, x)
    always = meant.mode(-1, keepdim=True).values
    return Score(
        "fidelity",
        (said == meant).to(x.dtype),
        chance=(always == meant).to(x.dtype),
        sensitive_to=("rows",),
    )
