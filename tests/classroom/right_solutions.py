"""A right solution of each exercise, written as a reader might."""

import torch


def masked_softmax(scores, position):
    later = torch.arange(len(scores)) > position
    return scores.masked_fill(later, -torch.inf).softmax(0)


def context(weights, x):
    return weights @ x


def mass_in_mask(attention, mask):
    return attention[mask].sum() / attention.sum()


def pointing_chance(mask):
    return mask.float().mean()


def contributions(weights, row, baseline):
    return weights * (row - baseline)


def share_in_region(values, region):
    sizes = values.abs()
    return sizes[region].sum() / sizes.sum()


def fall(home, away, y):
    right = [(log_odds > 0) == (y == 1) for log_odds in (home, away)]
    return right[0].double().mean() - right[1].double().mean()


def tells_apart(one, other):
    first, second = one[:, None], other[None, :]
    return (first > second).double().mean() + 0.5 * (first == second).double().mean()
