"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def ties_lost(weights, relevant):
    """A tie counts nothing here"""
    return (weights[relevant][:, None] > weights[~relevant]).float().mean()


def ties_won(weights, relevant):
    """A tie counts as won here"""
    return (weights[relevant][:, None] >= weights[~relevant]).float().mean()


def turned(weights, relevant):
    """counts the pairs that are lost"""
    ahead = weights[~relevant][:, None] - weights[relevant]
    return (ahead.sign() + 1).mean() / 2


def added(weights, relevant):
    """Divide by their number"""
    ahead = weights[relevant][:, None] - weights[~relevant]
    return ((ahead.sign() + 1) / 2).sum()


def all_pairs(weights, relevant):
    """divides by all pairs of columns"""
    ahead = weights[relevant][:, None] - weights[~relevant]
    n = len(weights)
    return ((ahead.sign() + 1) / 2).sum() / (n * (n - 1) / 2)


def of_means(weights, relevant):
    """Compare pair by pair"""
    return weights[relevant].mean() - weights[~relevant].mean()


def close_is_a_tie(weights, relevant):
    """only the order counts"""
    ahead = weights[relevant][:, None] - weights[~relevant]
    ahead = ahead.where(ahead.abs() > 0.25, 0)
    return (ahead.sign() + 1).mean() / 2
