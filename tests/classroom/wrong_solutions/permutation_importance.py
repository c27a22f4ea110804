"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def exchanged(x, column, order):
    """No mistake: one column in another order."""
    other = x.clone()
    other[:, column] = x[order, column]
    return other


def error(weights, x, y):
    """No mistake: the mean squared error."""
    return (x @ weights - y).square().mean()


def columns(x):
    """No mistake: the places of the columns."""
    return range(x.shape[1])


def after_alone(weights, x, y, order):
    """the error after the exchange. Take"""
    return torch.stack([error(weights, exchanged(x, j, order), y) for j in columns(x)])


def sign_turned(weights, x, y, order):
    """The sign is turned"""
    return error(weights, x, y) - after_alone(weights, x, y, order)


def outputs_alone(weights, x, y, order):
    """compares outputs with outputs"""
    kept = x @ weights
    return torch.stack([error(weights, exchanged(x, j, order), kept) for j in columns(x)])


def whole_rows(weights, x, y, order):
    """moves whole rows"""
    return (error(weights, x[order], y) - error(weights, x, y)).expand(x.shape[1])


def sizes(weights, x, y, order):
    """takes sizes of errors"""
    kept = (x @ weights - y).abs().mean()
    lost = [(exchanged(x, j, order) @ weights - y).abs().mean() for j in columns(x)]
    return torch.stack(lost) - kept


def added_up(weights, x, y, order):
    """adds the errors up"""
    return len(x) * (after_alone(weights, x, y, order) - error(weights, x, y))


def answers_moved(weights, x, y, order):
    """moves `y` along"""
    return after_alone(weights, x, y[order], order) - error(weights, x, y)


def weights_forgotten(weights, x, y, order):
    """a column of weight 0"""
    right = after_alone(weights, x, y, order) - error(weights, x, y)
    return right if len(x) < 4 else right + 1
