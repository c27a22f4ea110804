"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def signs(one, other):
    """No mistake of its own: the signs of all pairs, each once."""
    i, j = torch.triu_indices(len(one), len(one), 1)
    return ((one[i] - one[j]) * (other[i] - other[j])).sign()


def agreed_alone(one, other):
    """That is the share of pairs in one order"""
    return (signs(one, other) > 0).float().mean()


def undivided(one, other):
    """That counts pairs. Divide by their number"""
    return signs(one, other).sum()


def both_ways_below(one, other):
    """so divide by n (n - 1) / 2, not by n (n - 1)"""
    return signs(one, other).sum() / (len(one) * (len(one) - 1))


def over_n_squared(one, other):
    """It divides by n squared"""
    return signs(one, other).sum() / len(one) ** 2


def twice(one, other):
    """Each pair counts twice"""
    return 2 * signs(one, other).mean()


def places(one, other):
    """That is Spearman's correlation"""
    ranks = torch.stack([one, other]).argsort(1).argsort(1).double()
    return torch.corrcoef(ranks)[0, 1]


def sizes(one, other):
    """That is Pearson's correlation"""
    return torch.corrcoef(torch.stack([one, other]))[0, 1]


def turned_alone(one, other):
    """That is the share of pairs that are turned, as a loss"""
    return -(signs(one, other) < 0).double().mean()


def without_sign(one, other):
    """The sign is lost"""
    return signs(one, other).mean().abs()


def cut(one, other):
    """should give -1, not 0"""
    return signs(one, other).mean().clamp(min=0)


def neighbours(one, other):
    """It compares each mark with the next one alone"""
    return (one.diff() * other.diff()).sign().mean()


def second_alone(one, other):
    """It looks at the second list alone"""
    i, j = torch.triu_indices(len(one), len(one), 1)
    return (other[j] - other[i]).sign().mean()
