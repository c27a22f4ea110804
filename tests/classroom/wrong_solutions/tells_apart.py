"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def ties_win(one, other):
    """A tie counts as a win"""
    return (one[:, None] >= other).double().mean()


def ties_lose(one, other):
    """A tie counts as a loss"""
    return (one[:, None] > other).double().mean()


def exchanged(one, other):
    """the two are exchanged"""
    gaps = other[:, None] - one
    return (0.5 * (1 + gaps.sign())).mean()


def means(one, other):
    """the difference of the means"""
    return one.double().mean() - other.double().mean()


def pairs(one, other):
    """Divide by the number of all pairs"""
    return (0.5 * (1 + (one[:, None] - other).sign())).sum()


def row_by_row(one, other):
    """should turn a value v into 1 - v"""
    gaps = (one[:, None] - other).sign()
    value = (0.5 * (1 + gaps)).mean()
    return value if len(one) < 3 else value.clamp(min=0.5)


def never_even(one, other):
    """the same shares twice"""
    value = (0.5 * (1 + (one[:, None] - other).sign())).mean()
    return value if len(one) < 3 else value * 0.9
