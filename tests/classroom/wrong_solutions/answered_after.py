"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _ends(came, cost):
    """No mistake, a helper."""
    free, ends = 0.0, []
    for arrived, work in zip(came.tolist(), cost.tolist(), strict=True):
        free = max(free, arrived) + work
        ends.append(free)
    return torch.tensor(ends)


def too_early(came, cost):
    """It begins with an item before the item has come"""
    return cost.cumsum(0) - came


def without_work(came, cost):
    """It gives the wait until the desk begins"""
    return _ends(came, cost) - came - cost


def side_by_side(came, cost):
    """It lets items be served at the same time"""
    return cost


def when(came, cost):
    """It gives when the answer comes"""
    return _ends(came, cost)


def one_cost(came, cost):
    """It takes one cost for all items"""
    return _ends(came, cost[:1].expand(len(cost))) - came
