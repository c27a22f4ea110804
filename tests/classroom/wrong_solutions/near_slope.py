"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def through_nought(x, y, near):
    """It forces the line through nought."""
    return (near * x * y).sum() / (near * x * x).sum()


def undivided(x, y, near):
    """It gives the sum of products."""
    total = near.sum()
    return (near * (x - (near * x).sum() / total) * (y - (near * y).sum() / total)).sum()


def other_line(x, y, near):
    """It fits the other line"""
    dx, dy = x - (near * x).sum() / near.sum(), y - (near * y).sum() / near.sum()
    return (near * dx * dy).sum() / (near * dy * dy).sum()


def all_alike(x, y, near):
    """It lets all points count alike."""
    dx, dy = x - x.mean(), y - y.mean()
    return (dx * dy).sum() / (dx * dx).sum()


def plain_means(x, y, near):
    """It takes plain means off."""
    dx, dy = x - x.mean(), y - y.mean()
    return (near * dx * dy).sum() / (near * dx * dx).sum()
