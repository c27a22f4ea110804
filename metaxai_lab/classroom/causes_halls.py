"""Who ranks the hum above the causes of wear, and who errs less in a hall of another kind?

Pooled least squares, the invariant learner, and three rivals: V-REx and IRM, which add a penalty to
one shared line, and the search over all subsets of columns by a test, which learns no prices.
Each is judged by the marginal Shapley values of its line, and by its error. Sources: Arjovsky et
al. (2019); Krueger et al. (2021); Peters, Bühlmann & Meinshausen (2016), method I. Chapter:
book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from scipy.special import fdtrc
from torch import Tensor

from metaxai_lab.core import Examples
from metaxai_lab.explainers import all_coalitions
from metaxai_lab.learners.invariant import Moments, learn_freedom, moments_of
from metaxai_lab.tasks.environments import CAUSES, FOLLOWER, Halls

STRICT = 60.0  # of 10, 30, 60, 100 and 300; the best worst case on other factories of 3 kinds
PENALTY = {"V-REx": 100.0, "IRM": 100.0}  # of 10, 100, 1,000 and 10,000, on those too
CERTAIN = 0.05  # a subset is refused where such a difference between halls is rarer

Line = Float[Tensor, "model column"]


@dataclass(frozen=True)
class Marks:
    """What a line does in each factory.

    Args:
        misled: the hum gets more credit than each cause.
        clear: each cause gets more credit than the hum.
        here: error in the halls one has, as a share of the variance of wear there.
        new: the same in a hall of another kind.
    """

    misled: Bool[Tensor, " model"]
    clear: Bool[Tensor, " model"]
    here: Float[Tensor, " model"]
    new: Float[Tensor, " model"]


def judged(line: Line, halls: Halls) -> Marks:
    """Judge a line by its credit and its error; credit is the mean size of Shapley values."""
    usual = (halls.known.x - halls.known.x.mean(-2, keepdim=True)).abs().mean((-2, -3))
    credit = line.abs() * usual  # of a line, Shapley values are weight x deviation
    hum, causes = credit[:, FOLLOWER], credit[:, list(CAUSES)]
    known, new = moments_of(halls.known), moments_of(halls.new)
    here = known.error(line[:, None]).mean(-1) / known.power.mean(-1)
    there = new.error(line[:, None]) / new.power
    return Marks(hum > causes.amax(-1), hum < causes.amin(-1), here, there[:, 0])


def pooled(rows: Examples) -> Line:
    """Fit all halls together."""
    every = moments_of(rows).pooled()
    return torch.linalg.solve(every.gram, every.cross)


def invariant(rows: Examples, *, strict: float = STRICT, steps: int = 150) -> Line:
    """Learn what each column may move from how fits carry over; then fit all halls with that."""
    fitted, checked = halves(rows)
    freedom = learn_freedom(fitted, checked, strict=strict, steps=steps)
    return moments_of(rows).pooled().fit(freedom)


def set_right(
    learn: Callable[[Examples], Line], draws: Sequence[Halls]
) -> tuple[list[float], float]:
    """Return, by draw, where pooled puts the hum first and this learner does not.

    Returns:
        these shares, and in the mean over draws the share where this learner puts causes first.
    """
    marks = [(judged(pooled(h.known), h), judged(learn(h.known), h)) for h in draws]
    right = [float((other.misled & ~own.misled).double().mean()) for other, own in marks]
    return right, sum(float(own.clear.double().mean()) for _, own in marks) / len(marks)


def halves(rows: Examples) -> tuple[Moments, Moments]:
    """Return the moments of the first and of the second half of each hall."""
    n = rows.y.shape[-1] // 2
    first = Examples(rows.x[..., :n, :], rows.y[..., :n])
    second = Examples(rows.x[..., n:, :], rows.y[..., n:])
    return moments_of(first), moments_of(second)


def penalised(rows: Examples, kind: str, *, weight: float | None = None, steps: int = 300) -> Line:
    """Train one line on all halls, with the penalty of V-REx or of IRM."""
    known = moments_of(rows)
    size = known.power.mean(-1)
    line = pooled(rows).requires_grad_()
    optimiser = torch.optim.Adam([line], lr=0.02)
    weight = PENALTY[kind] if weight is None else weight
    for _ in range(steps):
        optimiser.zero_grad()
        error = known.error(line[:, None]) / size[:, None]
        if kind == "V-REx":
            extra = error.var(-1)
        else:  # the slope of the error as the whole line is scaled
            squares = torch.einsum("mi,meij,mj->me", line, known.gram, line)
            slope = 2 * (squares - (line[:, None] * known.cross).sum(-1)) / size[:, None]
            extra = slope.square().mean(-1)
        (error.mean(-1) + weight * extra).sum().backward()
        optimiser.step()
    return line.detach()


def best_subset(rows: Examples, *, certain: float = CERTAIN) -> Line:
    """Of the subsets whose fit does not differ between halls, by an F test, take the best one."""
    known, every = moments_of(rows), moments_of(rows).pooled()
    n_halls, n_rows = rows.y.shape[-2:]
    masks = all_coalitions(rows.x.shape[-1])[1:]
    free = torch.where(masks, 1e9, 1e-12).double()
    errors, kept, lines = [], [], []
    for own in free:
        line = every.fit(own)
        apart = known.error(known.fit(own)).mean(-1)
        together = every.error(line)
        k = int((own > 1).sum())
        below = n_halls * (n_rows - k - 1)
        ratio = (together - apart) / ((n_halls - 1) * k) / (apart / below)
        chance = fdtrc((n_halls - 1) * k, below, ratio.clamp_min(0).cpu().numpy())
        kept.append(torch.as_tensor(chance, device=line.device) > certain)
        errors.append(together)
        lines.append(line)
    error, line = torch.stack(errors, -1), torch.stack(lines, 1)
    error = error.where(torch.stack(kept, -1), torch.inf)
    best = error.argmin(-1)
    none = error.isinf().all(-1)
    chosen = line.gather(1, best[:, None, None].expand(-1, 1, line.shape[-1]))[:, 0]
    return torch.where(none[:, None], 0.0, chosen)


LEARNERS: dict[str, Callable[[Examples], Line]] = {
    "pooled": pooled,
    "invariant": invariant,
    "V-REx": lambda rows: penalised(rows, "V-REx"),
    "IRM": lambda rows: penalised(rows, "IRM"),
    "tested subset": best_subset,
}
