"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _counts(yes, labels):
    """No mistake: rows of both classes in the four leaves of each pair."""
    sides = yes, 1 - yes
    classes = [labels == 0, labels == 1]
    return [[one.T @ (other * of[:, None]) for of in classes] for one in sides for other in sides]


def _errors(leaves):
    """No mistake: the rarer class of each leaf."""
    return sum(torch.minimum(*leaf) for leaf in leaves)


def one_leaf(yes, labels):
    """Three more leaves are left"""
    return _errors(_counts(yes, labels)[:1])


def right(yes, labels):
    """It gives how many rows are right"""
    return len(labels) - _errors(_counts(yes, labels))


def class_one(yes, labels):
    """It counts class 1 in each leaf"""
    return sum(leaf[1] for leaf in _counts(yes, labels))


def shares(yes, labels):
    """It divides by the rows"""
    return _errors(_counts(yes, labels)) / len(labels)


def best(yes, labels):
    """It gives the best pair only"""
    return _errors(_counts(yes, labels)).min()
