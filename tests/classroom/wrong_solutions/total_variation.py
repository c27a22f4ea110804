"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def cancelling(p, q):
    """Differences up and down cancel."""
    return (p - q).sum() / 2


def doubled(p, q):
    """It is twice too large"""
    return (p - q).abs().sum()


def averaged(p, q):
    """It takes a mean over the classes."""
    return (p - q).abs().mean()


def squared(p, q):
    """It squares the differences."""
    return (p - q).square().sum() / 2


def largest(p, q):
    """It takes the largest of the differences."""
    return (p - q).abs().max()
