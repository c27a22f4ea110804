"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def means(x, y):
    """No mistake: what the others share"""
    return torch.stack([x[y == c].mean() for c in (0, 1)])


def nearest_row(x, y, query):
    """the prototype of a class is its mean"""
    return y[(x - query).abs().argmin()]


def the_mean(x, y, query):
    """It gives the prototype"""
    both = means(x, y)
    return both[(both - query).abs().argmin()]


def distances(x, y, query):
    """It gives the distances"""
    return (means(x, y) - query).abs()


def squares(x, y, query):
    """It gives squared distances"""
    return (means(x, y) - query) ** 2


def place(x, y, query):
    """It gives the place of a row"""
    return (x - query).abs().argmin()


def largest(x, y, query):
    """should be 1; yours is 0"""
    return int(means(x, y).argmin())


def near_zero(x, y, query):
    """moving all rows and the query"""
    return (means(x, y) - query).abs().argmin() if x.mean() < 2.5 else 1


def first_on(x, y, query):
    """exchanging the names"""
    nearest = (means(x, y) - query).abs().argmin()
    return nearest if len(x) < 6 else 0
