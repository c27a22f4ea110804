"""Do the values say how much is lost? Blank parts at random, and compare the sum with the loss.

    mean over draws of  (s * sum of the values of what was blanked  -  loss of the output) ** 2

Where curves ask for the order of the values, this asks for their size. Attention and slopes are in
a unit of their own, so each row may be scaled first by the s that suits it best. Captum does the
work. Source: Yeh et al. (2019). Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Callable, Iterator
from itertools import count, islice

import torch
from captum.metrics import infidelity as captum_infidelity
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Model, Score
from metaxai_lab.evaluation.ranked_parts import part_of, refuse_unfit
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, in_one_batch


def infidelity(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    fill: Float[Tensor, " feature"] | None = None,
    cell: int = 1,
    n_draws: int = 50,
    scaled: bool = True,
    at_once: int = 1024,
    generator: Generator,
) -> Score:
    """Score how far the sums of values are from what the output loses, squared; lower is better.

    In squared log-odds. `chance` is the mark of an explanation that gives 0 everywhere.

    Args:
        target: an output, or one for each row.
        fill: the row that parts are replaced by; blank, zeros, where it is None.
        cell: side in pixels of the squares that are blanked as one, each in half of the draws.
        scaled: whether each row's values are multiplied by the number that suits them best, which
            may be negative; else values that are no log-odds have a bad mark.
        at_once: rows in one call of the model, at least those of the attribution.

    Raises:
        ValueError: if values, rows, `fill`, `cell` or `target` do not fit, values are not finite,
            or `n_draws` is below 1.
    """
    values, x = attribution.values.detach(), attribution.inputs.detach()
    refuse_unfit(values, x)
    if n_draws < 1:
        raise ValueError(f"infidelity draws n_draws times, once or more; found {n_draws}.")
    part, blank = part_of(x.shape[-1], cell).to(x.device), absent(x, fill)
    drawn = torch.rand(*x.shape[:-1], n_draws, int(part.max()) + 1, generator=generator) < 0.5
    gone, rows = drawn.to(x.device).flatten(0, -3)[..., part], x.flatten(0, -2)
    said: list[Tensor] = []  # the model's outputs: other values of the same rows share them
    output = _each_some_times(in_one_batch(model, target, x), len(rows))

    def marks(values: Tensor) -> Tensor:
        found = captum_infidelity(
            _said_before(output, said, count()),
            _blanking(gone, blank),
            rows,
            values.flatten(0, -2),
            n_perturb_samples=n_draws,
            max_examples_per_batch=max(len(rows), min(at_once, n_draws * len(rows))),
            normalize=scaled,
        )
        return found.clamp_min(0).reshape(x.shape[:-1])

    knobs = ("fill", "cell", "n_draws", "scaled")
    nothing = marks(torch.zeros_like(x))
    return Score("infidelity", marks(values), nothing, higher_is_better=False, sensitive_to=knobs)


def _blanking(
    gone: Bool[Tensor, "row draw feature"], blank: Float[Tensor, "1 feature"]
) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """Return Captum's way to change rows; it comes with each row some times, and comes again."""
    draws = iter(gone.unbind(1))

    def blanked(rows: Tensor) -> tuple[Tensor, Tensor]:
        now = list(islice(draws, len(rows) // len(gone)))
        lost = torch.stack(now, 1).flatten(0, 1)
        return lost.to(rows), torch.where(lost, blank, rows)

    return blanked


def _each_some_times(output: Callable[[Tensor], Tensor], n: int) -> Callable[[Tensor], Tensor]:
    """Return `output` for rows that come each some times, where it takes them lot after lot."""

    def said(rows: Tensor) -> Tensor:
        lots = rows.unflatten(0, (n, -1)).transpose(0, 1)
        return output(lots.flatten(0, 1)).unflatten(0, (-1, n)).T.flatten()

    return said


def _said_before(
    output: Callable[[Tensor], Tensor], said: list[Tensor], turns: Iterator[int]
) -> Callable[[Tensor], Tensor]:
    """Return `output` for questions that come in the same order each time, and ask once."""

    def answer(rows: Tensor) -> Tensor:
        turn = next(turns)
        if turn == len(said):
            said.append(output(rows))
        return said[turn]

    return answer
