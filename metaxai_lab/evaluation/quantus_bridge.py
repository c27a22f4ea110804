"""Any judge of Quantus, asked about our explanations: one mark a row, as from our own judges.

What to know of Quantus 0.6, and what is done about it here:

- Most judges divide values by the largest of the whole batch, some drop signs or return a mean of
  rows, unless told not to: here they are told not to; ask for it with `normalise=True`, `abs=True`.
- It wants arrays with channels first and warns or prints about its settings: both are seen to.
- A "black" baseline is the smallest value of the row as it is by then, not zero: give a number.
- Its area under the curve of PixelFlipping leaves out the untouched row and counts a step as 1, so
  it grows with the columns; ours starts at the untouched row and counts shares of parts. It needs
  `numpy.trapz`, which numpy 2.4 no longer has: it is lent while the judge runs.
- Ties are broken by the sorting, without a word: here `sensitive_to` counts the rows that have any,
  and values that are all equal are refused.
- In its PointingGame a tie at the top is a hit if one of the tied is right, and a row without a
  true column is a hit, too: here such rows are refused. Its Sufficiency is no relation of ours.
- Its MPRT resets layers from the last defined to the first, all from one seed, and leaves weights
  outside of layers as they are, such as a table of places: `sanity.randomised` shuffles those.
- Sparseness and Complexity write into the values they were given: they get a copy.
- Its Completeness asks for equal floats, to the last bit: look at `Attribution.gap` in its place.
- It draws from the global states of numpy and torch: here from `generator`, and states stay.

Source: Hedström et al. (2023). Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from jaxtyping import Bool
from torch import Generator, Tensor, nn

from metaxai_lab.core import (
    Attribution,
    Examples,
    Explainer,
    Model,
    Score,
    initialised_with,
    numpy_seeded,
)
from metaxai_lab.explainers.influence import Target
from metaxai_lab.learners.pictures import picture_side


def ask_quantus(
    judge: str,
    model: Any,
    attribution: Attribution,
    *,
    target: Target,
    truth: Bool[Tensor, "row feature"] | None = None,
    explain: Explainer | None = None,
    support: Examples | None = None,
    pictures: bool = False,
    probabilities: bool = True,
    generator: Generator,
    **settings: Any,
) -> Score:
    """Score each row by the judge of this name, such as "PixelFlipping".

    Of a judge that gives each row a curve, the marks are its points: (row, point).

    Args:
        target: a class; or one for each row, of an explainer that takes them.
        model: a model; a learner, where `support` is given.
        truth: the columns that are the right reason, for judges of place.
        explain: for judges that explain anew: of stability, and of randomisation.
        support: what the learner adapts to each time it is asked, so that MPRT can reset its layers
            and be felt.
        pictures: whether rows are squares of pixels to the judge, or just columns.
        probabilities: whether the judge sees the model's probabilities, or its outputs.
        settings: of the judge.

    Raises:
        ValueError: if Quantus has no such judge, values do not fit the rows, are not finite or all
            equal, a row of the truth is empty, or the judge gives no marks for each row.
    """
    values, x = attribution.values.detach(), attribution.inputs.detach()
    _refuse_unfit(values, x, truth)
    form = (-1, 1, *([picture_side(x.shape[-1])] * 2 if pictures else x.shape[-1:]))
    with _quietly_drawing_from(generator):
        found = _made(judge, settings)
        marks = found(
            model=_Served(model, support, probabilities),
            x_batch=_array(x, form),
            y_batch=np.broadcast_to(_array(torch.as_tensor(target), (-1,)), len(x)),
            a_batch=_array(values, form),
            s_batch=None if truth is None else _array(truth, form),
            explain_func=None if explain is None else _explaining(explain),
            channel_first=True,
            softmax=False,
            device=str(x.device),
        )
    return _score(found, marks, x, values, settings)


class _Served(nn.Module):
    """What Quantus asks: a module in evaluation mode, from its arrays to rows of ours."""

    def __init__(self, model: Any, support: Examples | None, probabilities: bool) -> None:
        super().__init__()
        self.model, self.support, self.probabilities = model, support, probabilities
        self.training = False

    def now(self) -> Model:
        """Return the model; of a learner, the one that it adapts to with its present weights."""
        return self.model if self.support is None else self.model.adapt(self.support)

    def forward(self, x: Tensor) -> Tensor:
        outputs = self.now()(x.flatten(1))
        return outputs.softmax(-1) if self.probabilities else outputs


def _explaining(explain: Explainer) -> Any:
    def explain_rows(model: _Served, inputs: Any, targets: Any, device: str, **_: Any) -> Any:
        x = torch.as_tensor(inputs, dtype=torch.float32, device=device).flatten(1)
        alike = (targets == targets[0]).all()
        target: Any = int(targets[0]) if alike else torch.as_tensor(targets, device=device)
        found = explain(model.now(), x, target=target)
        return _array(found.values.detach(), inputs.shape)

    return explain_rows


def _made(judge: str, settings: dict[str, Any]) -> Any:
    import quantus  # it takes seconds, and few pages need it

    kind = getattr(quantus, judge, None)
    if not (isinstance(kind, type) and issubclass(kind, quantus.Metric)):
        raise ValueError(f"Quantus has no judge {judge!r}; quantus.AVAILABLE_METRICS lists them.")
    plain = {"abs": False, "normalise": False, "return_aggregate": False, "disable_warnings": True}
    return kind(**{**plain, **settings})


def _score(found: Any, marks: Any, x: Tensor, values: Tensor, settings: dict[str, Any]) -> Score:
    if isinstance(marks, dict) or len(marks) != len(x):
        given = f"marks for {list(marks)}" if isinstance(marks, dict) else f"{len(marks)} in all"
        raise ValueError(
            f"a score has marks for each of {len(x)} rows; {found.name} gave {given}. Ask it for "
            "them, such as with return_last_correlation=True or return_average_correlation=True."
        )
    n_tied = int((values.sort(-1).values.diff(dim=-1) == 0).any(-1).sum())
    knobs = (*settings, *([f"ties in {n_tied} of {len(x)} rows"] if n_tied else []))
    higher = found.score_direction.value == "higher"
    kept = torch.as_tensor(np.asarray(marks), dtype=x.dtype, device=x.device)
    return Score(found.name, kept, higher_is_better=higher, sensitive_to=knobs)


def _array(rows: Tensor, form: tuple[int, ...]) -> Any:
    return rows.reshape(form).cpu().numpy().copy()


@contextmanager
def _quietly_drawing_from(generator: Generator) -> Iterator[None]:
    area = getattr(np, "trapezoid", getattr(np, "trapz", None))
    lent = patch.object(np, "trapz", area, create=True)
    drawing = numpy_seeded(int(torch.randint(2**32, (), generator=generator)))
    with drawing, warnings.catch_warnings(), initialised_with(generator), lent:
        warnings.simplefilter("ignore")
        yield


def _refuse_unfit(values: Tensor, x: Tensor, truth: Tensor | None) -> None:
    if values.shape != x.shape or x.ndim != 2:
        raise ValueError(
            f"Quantus judges one task: values and rows of one shape, (row, feature); found "
            f"{tuple(values.shape)} for rows of {tuple(x.shape)}."
        )
    if not bool(values.isfinite().all()):
        raise ValueError("an explanation needs finite values; this one has others.")
    if bool((values == values.flatten()[:1]).all()):
        raise ValueError(
            "Quantus refuses values that are all equal, since most of its judges rank them. Ask "
            "our own: there, ties come in random orders and score chance."
        )
    if truth is not None and (truth.shape != x.shape or not bool(truth.any(-1).all())):
        raise ValueError(
            f"the truth marks a column or more in each row of {tuple(x.shape)}; found "
            f"{tuple(truth.shape)}, with {int((~truth.any(-1)).sum())} rows empty."
        )
