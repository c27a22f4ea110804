"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def correlation(one, other):
    """No mistake: what the others share"""
    return torch.corrcoef(torch.stack([one.double(), other.double()]))[0, 1]


def ranks(values):
    """No mistake: what the others share"""
    return values.argsort().argsort().double()


def of_values(one, other):
    """It is the correlation of the values"""
    return correlation(one, other)


def sorted_once(one, other):
    """One argsort says which number comes first"""
    return correlation(one.argsort(), other.argsort())


def turned(one, other):
    """The sign is turned"""
    return correlation(ranks(one), ranks(-other))


def covariance(one, other):
    """It is the covariance of the ranks"""
    return torch.cov(torch.stack([ranks(one), ranks(other)]))[0, 1]


def equal_places(one, other):
    """It counts places with equal ranks"""
    return (ranks(one) == ranks(other)).double().mean()


def two_counts(one, other):
    """by n, and the standard deviations by n - 1"""
    return torch.stack([(r - r.mean()) / r.std() for r in map(ranks, (one, other))]).prod(0).mean()


def not_whole(one, other):
    """two lists of the same order"""
    return correlation(ranks(one), ranks(other)) * (1 if len(one) < 6 else 0.9)


def sizes(one, other):
    """turning the signs of one list"""
    found = correlation(ranks(one), ranks(other))
    return found if len(one) < 6 else found.abs()
