"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def weighted(sizes, first=1):
    """No mistake: what the others share"""
    n = len(sizes)
    return ((2 * torch.arange(first, n + first) - n - 1) * sizes).sum()


def signed(values):
    """It takes the values with their signs"""
    ordered = values.sort().values
    return weighted(ordered) / (len(values) * ordered.sum())


def downwards(values):
    """The sizes are sorted downwards"""
    sizes = values.abs().sort(descending=True).values
    return weighted(sizes) / (len(values) * sizes.sum())


def by_the_sum(values):
    """It divides by the sum alone"""
    sizes = values.abs().sort().values
    return weighted(sizes) / sizes.sum()


def from_nought(values):
    """The places count from 0"""
    sizes = values.abs().sort().values
    n = len(sizes)
    off = weighted(sizes, 0) / (n * sizes.sum())
    return off if n > 2 else torch.tensor(0.25)


def unsorted(values):
    """The sizes are not sorted"""
    sizes = values.abs()
    order = sizes if len(sizes) > 2 else sizes.sort().values
    return weighted(order) / (len(values) * sizes.sum())


def of_others(values):
    """It divides by n - 1"""
    sizes = values.abs().sort().values
    n = len(sizes)
    return weighted(sizes) / ((n - 1 if n > 2 else n) * sizes.sum())


def half(values):
    """It divides by 2"""
    sizes = values.abs().sort().values
    return weighted(sizes) / (2 * sizes.sum())


def in_units(values):
    """It is not divided by the sum of the sizes"""
    sizes = values.abs().sort().values
    return weighted(sizes) / len(sizes) / (1 if len(sizes) > 2 else sizes.sum())
