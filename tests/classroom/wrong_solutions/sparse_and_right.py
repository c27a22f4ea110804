"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def sparse(values):
    """No mistake: the Gini index of values as they are."""
    ordered, n = values.sort().values, len(values)
    return ((2 * torch.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum())


def during(weights, row, values, fill):
    """No mistake: the outputs during a deletion."""
    left, said = row.clone(), [row @ weights]
    for column in values.argsort(descending=True):
        left[column] = fill[column]
        said.append(left @ weights)
    return torch.stack(said)


def tau(one, other):
    """No mistake: Kendall's tau."""
    i, j = torch.triu_indices(len(one), len(one), 1)
    return ((one[i] - one[j]) * (other[i] - other[j])).sign().mean()


def turned(weights, row, several, fill):
    """The sign is turned"""
    found = torch.stack([during(weights, row, each, fill).mean() for each in several])
    return tau(torch.stack([sparse(each.abs()) for each in several]), found)


def by_size(weights, row, several, fill):
    """It deletes by size"""
    found = torch.stack([during(weights, row, each.abs(), fill).mean() for each in several])
    return tau(torch.stack([sparse(each.abs()) for each in several]), -found)


def first_step(weights, row, several, fill):
    """the first step alone"""
    found = torch.stack([during(weights, row, each, fill)[1] for each in several])
    return tau(torch.stack([sparse(each.abs()) for each in several]), -found)


def signed(weights, row, several, fill):
    """how sparse signed values are"""
    found = torch.stack([during(weights, row, each, fill).mean() for each in several])
    return tau(torch.stack([sparse(each) for each in several]), -found)
