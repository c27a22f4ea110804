"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _shares(sizes, log_weights):
    """No mistake, a helper."""
    mass = log_weights.exp() * sizes
    return mass / mass.sum()


def no_first(sizes, n_query, n_support, log_weights):
    """It leaves out the one shot that every class has."""
    wanted = (_shares(sizes, log_weights) * (n_support - len(sizes))).floor()
    return torch.minimum(wanted, sizes - n_query)


def all_shared(sizes, n_query, n_support, log_weights):
    """It shares all rows, and then adds one."""
    wanted = (_shares(sizes, log_weights) * n_support).floor() + 1
    return torch.minimum(wanted, sizes - n_query)


def rounded_up(sizes, n_query, n_support, log_weights):
    """It rounds up. Round down."""
    wanted = (_shares(sizes, log_weights) * (n_support - len(sizes))).ceil() + 1
    return torch.minimum(wanted, sizes - n_query)


def unweighted(sizes, n_query, n_support, log_weights):
    """It leaves the weights out."""
    wanted = (_shares(sizes, 0 * log_weights) * (n_support - len(sizes))).floor() + 1
    return torch.minimum(wanted, sizes - n_query)


def sizeless(sizes, n_query, n_support, log_weights):
    """It leaves the sizes out."""
    shares = log_weights.softmax(0)
    wanted = (shares * (n_support - len(sizes))).floor() + 1
    return torch.minimum(wanted, sizes - n_query)


def unbounded(sizes, n_query, n_support, log_weights):
    """It gives more rows than the query leaves"""
    return (_shares(sizes, log_weights) * (n_support - len(sizes))).floor() + 1
