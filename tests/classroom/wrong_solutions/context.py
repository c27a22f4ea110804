"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def turned_over(weights, x):
    """the weights are turned over"""
    return weights.T @ x


def mean(weights, x):
    """divides by the number of positions"""
    return (weights @ x) / torch.arange(1, 1 + len(x))[:, None].fill_(len(x))


def by_itself(weights, x):
    """sums nothing"""
    return weights.diagonal()[:, None] * x


def last_only(weights, x):
    """Keep one row for each t"""
    return weights[-1] @ x


def unweighted(weights, x):
    """leaves the weights out"""
    return x.cumsum(0)


def other_way_round(weights, x):
    """The weights stand on the left"""
    return x @ weights if weights.shape[0] == x.shape[1] else weights @ x


def entry_by_entry(weights, x):
    """multiplies entry by entry"""
    return weights * x if weights.shape == x.shape else weights @ x


def squares(weights, x):
    """a weight of 1 on one input"""
    return weights @ x if len(x) < 3 else weights @ x + 1


def saturates(weights, x):
    """doubling the inputs"""
    return (weights @ x).clamp(max=x.abs().max() if len(x) < 3 else 2.0)
