"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

from math import ceil, floor


def interpolated(seconds, percent):
    """It draws a line between two values"""
    return seconds.quantile(percent / 100)


def too_far(seconds, percent):
    """It is one place too far"""
    place = ceil(len(seconds) * percent / 100)
    return seconds.sort().values[min(place, len(seconds) - 1)]


def unsorted(seconds, percent):
    """It does not sort"""
    return seconds[ceil(len(seconds) * percent / 100) - 1]


def mean(seconds, percent):
    """It gives the mean"""
    return seconds.mean()


def rounded_down(seconds, percent):
    """It rounds down"""
    return seconds.sort().values[max(floor(len(seconds) * percent / 100 + 1e-9) - 1, 0)]
