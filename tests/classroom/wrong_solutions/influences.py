"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def log_odds(x, y, query):
    """No mistake: what the others share"""
    a, b = (x[y == c].mean() for c in (0, 1))
    return (query - a) ** 2 - (query - b) ** 2


def lacking(x, y, query):
    """No mistake: what the others share"""
    kept = [torch.arange(len(x)) != i for i in range(len(x))]
    return torch.stack([log_odds(x[k], y[k], query) for k in kept])


def turned(x, y, query):
    """The sign is turned"""
    return lacking(x, y, query) - log_odds(x, y, query)


def without(x, y, query):
    """It gives the log-odds without the row"""
    return lacking(x, y, query)


def at_zero(x, y, query):
    """It puts a 0 where the row was"""
    lone = torch.eye(len(x), dtype=torch.bool)
    blanked = torch.stack([log_odds(x.masked_fill(row, 0), y, query) for row in lone])
    return log_odds(x, y, query) - blanked


def sizes(x, y, query):
    """It takes sizes"""
    return (log_odds(x, y, query) - lacking(x, y, query)).abs()


def whole(x, y, query):
    """Ask once for each row"""
    return log_odds(x, y, query)


def own_class(x, y, query):
    """exchanging the classes turns all signs"""
    found = log_odds(x, y, query) - lacking(x, y, query)
    return found if len(x) < 5 else found * (2 * y - 1)


def sorted_rows(x, y, query):
    """another order of the rows"""
    found = log_odds(x, y, query) - lacking(x, y, query)
    return found if len(x) < 5 else (1 - 2 * y[0]) * (found * (1 - 2 * y[0])).sort().values
