"""Two simple readers of a black box: each is shown rows with the answers, and perhaps explanations.

The adding reader fits yes or no by a sum of bent lines, one for each column. What explanations add:
each share should be what its column adds to the sum, up to a constant. The remembering reader
answers as the most alike rows were answered. What explanations add: columns with larger shares
count more in what is alike; signs are not read. How far explanations are trusted, "not at all"
included, each reader chooses by cross-validation on the answers it was shown. New rows come without
explanations. Source: Pruthi et al. (2022) for the setting. Chapter: book/judging/judges.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Examples, Model

Rows = Float[Tensor, "*tasks row feature"]
Read = Callable[[Examples, Rows | None], Model]
KNOTS = (-0.7, 0.0, 0.7)  # of the bent lines, in deviations of what was seen
PENALTIES = (0.1, 1.0, 10.0)
TRUSTS = (0.0, 0.1, 1.0, 10.0)  # of shares beside answers, in the adding reader
POWERS = (0.0, 0.5, 1.0, 2.0)  # of mean sizes of shares, in the remembering reader
WIDTHS = (0.3, 1.0, 3.0)
N_FOLDS = 4


@dataclass(frozen=True)
class Reader:
    """A reader that has read: rows to one output, above 0 for yes.

    Args:
        answer: what it does with rows.
        trust: how far it chose to trust the explanations of each task; 0 is not at all.
    """

    answer: Callable[[Rows], Float[Tensor, "*tasks row"]]
    trust: Float[Tensor, "*tasks"]

    def __call__(self, x: Rows) -> Float[Tensor, "*tasks row 1"]:
        """Return the reader's guess for each row."""
        return self.answer(x).unsqueeze(-1)


def adding_reader(seen: Examples, shares: Rows | None = None) -> Reader:
    """Read by ridge regression on bent lines of each column, with shares as further equations.

    Args:
        seen: rows with the answers of the black box, 1 for yes and 0 for no; numbers between or
            beyond say how sure it is.
        shares: explanations of these rows, in any unit.

    Raises:
        ValueError: if there are too few rows, an answer is not finite, or shares do not fit the
            rows or are not finite.
    """
    _refuse_unfit(seen, shares)
    bend = _bends(seen.x)
    lines, y, keep = bend(seen.x), 2 * seen.y.to(seen.x) - 1, _kept(seen.x)
    squares, sums = _equations(lines, y, keep)
    told_squares, told_sums = _told_equations(lines, shares, keep)
    ridge = torch.eye(lines.shape[-1]).to(y)
    ridge[0, 0] = 1e-3  # the constant is hardly held back
    trusts = TRUSTS if shares is not None else TRUSTS[:1]
    tried = [(penalty, trust) for penalty in PENALTIES for trust in trusts]
    found = torch.stack([
        torch.linalg.solve(squares + t * told_squares + p * ridge, sums + t * told_sums)
        for p, t in tried
    ])  # fmt: skip
    errors = (torch.einsum("kf...p,...rp->kf...r", found, lines) - y).square()
    best = _least_missed(errors, keep)
    weights = torch.take_along_dim(found[:, -1], best[None, ..., None], 0)[0]
    trust = y.new_tensor([t for _, t in tried])[best]
    return Reader(lambda x: (bend(x) * weights.unsqueeze(-2)).sum(-1), trust)


def remembering_reader(seen: Examples, shares: Rows | None = None) -> Reader:
    """Read by kernel ridge regression, with columns weighed by the mean size of their shares.

    Args and errors are those of `adding_reader`.
    """
    _refuse_unfit(seen, shares)
    sizes = (torch.ones_like(seen.x) if shares is None else shares.detach().abs()).mean(-2)
    sizes = sizes.where(sizes.sum(-1, keepdim=True) > 0, 1)
    powers, y = POWERS if shares is not None else POWERS[:1], 2 * seen.y.to(seen.x) - 1
    centre, spread = _scale_of(seen.x)
    known, tried = (seen.x - centre) / spread, [(p, w) for p in powers for w in WIDTHS]

    def alike(x: Rows, power: float, width: float) -> Float[Tensor, "*tasks row seen"]:
        weights = (sizes / sizes.sum(-1, keepdim=True)) ** power
        root = (weights / weights.sum(-1, keepdim=True)).sqrt().unsqueeze(-2)
        return (-torch.cdist(x * root, known * root).square() / width).exp()

    noise = 0.3 * torch.eye(known.shape[-2]).to(y)
    solved = [torch.linalg.inv(alike(known, *knobs) + noise) for knobs in tried]
    weights = torch.stack([(s @ y.unsqueeze(-1)).squeeze(-1) for s in solved])
    diagonal = torch.stack([s.diagonal(dim1=-2, dim2=-1) for s in solved])
    best = (weights / diagonal).square().sum(-1).argmin(0)  # each row left out in turn

    def answer(x: Rows) -> Float[Tensor, "*tasks row"]:
        rows = (x - centre) / spread
        each = [alike(rows, *k) @ w.unsqueeze(-1) for k, w in zip(tried, weights, strict=True)]
        return torch.take_along_dim(torch.stack(each)[..., 0], best[None, ..., None], 0)[0]

    return Reader(answer, y.new_tensor([p for p, _ in tried])[best])


def _bends(x: Rows) -> Callable[[Rows], Float[Tensor, "*tasks row line"]]:
    """Return what makes rows into a one and, column by column, the value and its bends."""
    centre, spread = _scale_of(x)

    def lines(x: Rows) -> Float[Tensor, "*tasks row line"]:
        z = ((x - centre) / spread).unsqueeze(-1)
        bent = torch.cat([z, (z - z.new_tensor(KNOTS)).relu()], -1).flatten(-2)
        return torch.cat([torch.ones_like(bent[..., :1]), bent], -1)

    return lines


def _equations(lines: Tensor, y: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
    squares = torch.einsum("fr,...rp,...rq->f...pq", keep, lines, lines)
    return squares, torch.einsum("fr,...rp,...r->f...p", keep, lines, y)


def _told_equations(lines: Tensor, shares: Rows | None, keep: Tensor) -> tuple[Tensor, Tensor]:
    """Return the equations that say: the lines of each column add up to its share."""
    if shares is None:
        return lines.new_zeros(()), lines.new_zeros(())
    n_each = len(KNOTS) + 1
    told = _told(shares).repeat_interleave(n_each, -1)
    parts = lines[..., 1:] - lines[..., 1:].mean(-2, keepdim=True)
    own = torch.arange(parts.shape[-1], device=lines.device) // n_each
    same = (own[:, None] == own) * (told != 0).flatten(-2).any(-1)[..., None, None]
    squares = torch.einsum("fr,...rp,...rq->f...pq", keep, parts, parts) * same
    sums = torch.einsum("fr,...rp,...rp->f...p", keep, parts, told)
    return torch.nn.functional.pad(squares, (1, 0, 1, 0)), torch.nn.functional.pad(sums, (1, 0))


def _scale_of(x: Rows) -> tuple[Tensor, Tensor]:
    return x.mean(-2, keepdim=True), x.std(-2, keepdim=True).clamp_min(1e-3)


def _told(shares: Rows) -> Rows:
    """Return shares without their mean, in units of the sum of a row."""
    centred = shares.detach() - shares.detach().mean(-2, keepdim=True)
    unit = centred.sum(-1).square().mean(-1).sqrt()
    return centred / unit.where(unit > 1e-9, 1).unsqueeze(-1).unsqueeze(-1)


def _kept(x: Rows) -> Float[Tensor, "fold row"]:
    """Return which rows each fold learns from; the last learns from all."""
    row = torch.arange(x.shape[-2], device=x.device) % N_FOLDS
    folds = torch.arange(N_FOLDS + 1, device=x.device)
    return (row != folds.unsqueeze(-1)).to(x)


def _least_missed(errors: Tensor, keep: Tensor) -> Tensor:
    """Return which try misses least on the rows that each fold has not learned from."""
    out = (1 - keep).reshape(len(keep), *[1] * (errors.ndim - 3), -1)
    return (errors * out).sum((1, -1)).argmin(0)


def _refuse_unfit(seen: Examples, shares: Rows | None) -> None:
    if seen.x.shape[-2] < 2 * N_FOLDS:
        raise ValueError(f"a reader is shown {2 * N_FOLDS} rows or more; found {seen.x.shape[-2]}.")
    if not bool(seen.y.isfinite().all()):
        raise ValueError(
            "a reader needs an answer for each row, 1 for yes, 0 for no; some are none."
        )
    if shares is not None and (shares.shape != seen.x.shape or not bool(shares.isfinite().all())):
        raise ValueError(
            f"explanations need a finite share for each column of {tuple(seen.x.shape)} rows; "
            f"found {tuple(shares.shape)}, {int((~shares.isfinite()).sum())} of them not finite."
        )
