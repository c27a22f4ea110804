"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def _parts(errors):
    """No mistake, a helper."""
    n, own = len(errors), errors.diagonal()
    return n, own, errors.sum() - own.sum()


def at_home(errors):
    """It counts fits at home as travels"""
    return errors.mean() - errors.diagonal().mean()


def sign(errors):
    """Take own from away"""
    n, own, away = _parts(errors)
    return own.mean() - away / (n * (n - 1))


def away_alone(errors):
    """It gives the error away, without the own one"""
    n, _, away = _parts(errors)
    return away / (n * (n - 1))


def sums(errors):
    """It adds up"""
    _, own, away = _parts(errors)
    return away - own.sum()


def one_way(errors):
    """It reads one direction"""
    n, own, _ = _parts(errors)
    return errors.triu(1).sum() / (n * (n - 1) / 2) - own.mean()


def worst(errors):
    """It takes the worst travel"""
    return errors.max() - errors.diagonal().mean()


def all_pairs(errors):
    """It divides by all pairs"""
    n, own, away = _parts(errors)
    return away / n**2 - own.mean()


def clipped(errors):
    """It cuts off below 0"""
    n, own, away = _parts(errors)
    return (away / (n * (n - 1)) - own.mean()).clamp_min(0)
