"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _impurity(labels):
    """No mistake: 2p(1 - p)."""
    p = labels.float().mean()
    return 2 * p * (1 - p)


def _sides(yes, labels):
    """No mistake: the labels of both sides."""
    return [side for side in (labels[yes], labels[~yes]) if len(side)]


def added(yes, labels):
    """It adds the two sides up"""
    return sum(_impurity(side) for side in _sides(yes, labels))


def averaged(yes, labels):
    """It takes the mean of the two sides"""
    return sum(_impurity(side) for side in _sides(yes, labels)) / 2


def without_two(yes, labels):
    """leaves the factor 2 out"""
    return sum(len(side) * _impurity(side) / 2 for side in _sides(yes, labels)) / len(labels)


def errors(yes, labels):
    """counts errors in place of impurity"""
    wrong = [min(int(side.sum()), int((1 - side).sum())) for side in _sides(yes, labels)]
    return torch.tensor(sum(wrong) / len(labels))


def before(yes, labels):
    """before the question"""
    return _impurity(labels)


def fall(yes, labels):
    """It gives the fall of the impurity"""
    left = sum(len(side) * _impurity(side) for side in _sides(yes, labels)) / len(labels)
    return _impurity(labels) - left


def entropy(yes, labels):
    """It gives the entropy"""

    def of(side):
        p = torch.stack([side.float().mean(), 1 - side.float().mean()])
        return -torch.xlogy(p, p).sum() / torch.tensor(2.0).log()

    return sum(len(side) * of(side) for side in _sides(yes, labels)) / len(labels)


def not_averaged(yes, labels):
    """It adds up over rows"""
    return sum(len(side) * _impurity(side) for side in _sides(yes, labels))


def each_side(yes, labels):
    """one number for each side"""
    return torch.stack([_impurity(side) for side in _sides(yes, labels)])


def empty_side(yes, labels):
    """a side without rows gives 0 / 0"""
    sides = labels[yes], labels[~yes]
    return sum(len(side) * _impurity(side) for side in sides) / len(labels)


def one_side(yes, labels):
    """The side that has rows is left out"""
    if not yes.any():
        return torch.tensor(0.0)
    return sum(len(side) * _impurity(side) for side in _sides(yes, labels)) / len(labels)
