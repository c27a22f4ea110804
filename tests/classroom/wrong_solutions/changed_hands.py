"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def _shares(sizes):
    """No mistake, a helper."""
    return sizes / sizes.sum()


def twice(first, now):
    """It counts what is handed over twice"""
    return (_shares(now.abs().mean(0)) - _shares(first.abs().mean(0))).abs().sum()


def means_first(first, now):
    """It takes means before sizes"""
    return (_shares(now.mean(0).abs()) - _shares(first.mean(0).abs())).abs().sum() / 2


def sizes(first, now):
    """It compares sizes"""
    return (now.abs().mean(0) - first.abs().mean(0)).abs().sum() / 2


def by_item(first, now):
    """It takes shares item by item"""
    each = [(x.abs() / x.abs().sum(1, keepdim=True)).mean(0) for x in (first, now)]
    return (each[1] - each[0]).abs().sum() / 2


def largest(first, now):
    """It takes the column that changed most"""
    return (_shares(now.abs().mean(0)) - _shares(first.abs().mean(0))).abs().max()
