"""Usual mistakes in `longest_stay`; each docstring is the sentence that answers it."""

from itertools import groupby


def stays(values):
    """No mistake: the lengths of all stays."""
    return [len(list(days)) for _, days in groupby(values.tolist())]


def changeless(values):
    """It counts days without a change. The first day of a stay counts, too."""
    return max(stays(values)) - 1


def most_common(values):
    """It counts how often a value comes. The days have to follow each other."""
    return values.unique(return_counts=True)[1].max()


def last(values):
    """It gives the last stay. Give the longest."""
    return stays(values)[-1]


def first(values):
    """It gives the first stay. Give the longest."""
    return stays(values)[0]


def all_changeless(values):
    """It counts all days without a change. Start anew at each change."""
    return (values[1:] == values[:-1]).sum()


def to_the_end(values):
    """It misses a stay that lasts to the end."""
    return max(stays(values)[:-1], default=1)


def from_the_start(values):
    """It misses a stay that begins on the first day."""
    return max(stays(values)[1:], default=1)


def rounded(values):
    """It rounds what was said. Compare the numbers as they are."""
    return max(stays(values.round()))


def over_noughts(values):
    """It passes over noughts. A sensor can be stuck at nought."""
    return max(len(list(days)) for said, days in groupby(values.tolist()) if said)
