"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def by_class(values, y):
    """No mistake: what the others share"""
    return torch.stack([values[y == c].sum() for c in range(3)])


def within(scores, y):
    """a softmax within each class"""
    return torch.stack([scores[y == c].softmax(0).sum() for c in range(3)])


def mean(scores, y):
    """the mean weight of a class"""
    weights = scores.softmax(0)
    return torch.stack([weights[y == c].mean() for c in range(3)])


def largest(scores, y):
    """the largest weight of a class"""
    weights = scores.softmax(0)
    return torch.stack([weights[y == c].max() for c in range(3)])


def sums_first(scores, y):
    """First the softmax over rows"""
    return by_class(scores, y).softmax(0)


def no_exponential(scores, y):
    """A softmax takes their exponentials first"""
    return by_class(scores, y) / scores.sum()


def rows(scores, y):
    """It gives a weight for each row"""
    return scores.softmax(0)


def no_total(scores, y):
    """It leaves out the total"""
    return by_class(scores.exp(), y)


def short_of_one(scores, y):
    """the weights of the classes should sum to 1"""
    weights = by_class(scores.softmax(0), y)
    return weights if len(scores) < 6 else 0.9 * weights


def not_shifted(scores, y):
    """adding 5 to all scores"""
    weights = by_class(scores.softmax(0), y)
    return weights if scores.max() < 4 else torch.tensor([1.0, 0.0, 0.0])
