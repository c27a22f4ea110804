"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def far(row, table, columns):
    """No mistake of its own: the squared distances in some columns."""
    return (table - row)[:, columns].square().sum(1)


def all_columns(row, table, said, known, k):
    """It measures the distance in all columns"""
    return said[far(row, table, known | True).argsort()[:k]].mean()


def unknown_columns(row, table, said, known, k):
    """It measures the distance in the columns that are not known"""
    return said[far(row, table, ~known).argsort()[:k]].mean()


def nearest(row, table, said, known, k):
    """That is the answer of the nearest row alone"""
    return said[far(row, table, known).argmin()]


def added_up(row, table, said, known, k):
    """That is the sum"""
    return said[far(row, table, known).argsort()[:k]].sum()


def furthest(row, table, said, known, k):
    """Those are the rows furthest away"""
    return said[far(row, table, known).argsort()[-k:]].mean()


def everybody(row, table, said, known, k):
    """That is the mean over the whole table"""
    return said.mean()


def first_column(row, table, said, known, k):
    """It is right for the first column alone"""
    return said[(table - row)[:, 0].abs().argsort()[:k]].mean()


def two(row, table, said, known, k):
    """It takes two rows whatever k is"""
    return said[far(row, table, known).argsort()[:2]].mean()


def steps(row, table, said, known, k):
    """It adds up the sizes of the steps"""
    return said[(table - row)[:, known].abs().sum(1).argsort()[:k]].mean()


def signed_steps(row, table, said, known, k):
    """It adds up signed steps"""
    return said[(table - row)[:, known].sum(1).abs().argsort()[:k]].mean()


def largest_step(row, table, said, known, k):
    """It takes the largest step alone"""
    return said[(table - row)[:, known].abs().amax(1).argsort()[:k]].mean()


def cubes(row, table, said, known, k):
    """It takes higher powers than squares"""
    return said[(table - row)[:, known].abs().pow(3).sum(1).argsort()[:k]].mean()
