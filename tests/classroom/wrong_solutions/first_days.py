"""Usual mistakes in `first_days`; each docstring is the sentence that answers it."""

import torch


def as_they_came(days, k):
    """It takes the first rows as they came. Look at their days."""
    return torch.arange(len(days)) < k


def latest(days, k):
    """It marks the latest days, which come after. Mark the earliest."""
    return days >= days.sort(descending=True).values[k - 1]


def without_the_last(days, k):
    """It leaves out the k-th day itself."""
    return days < days.sort().values[k - 1]


def one_too_many(days, k):
    """It marks one day too many."""
    return days <= days.sort().values[k]


def places(days, k):
    """It gives the numbers of the rows. Give a mark for each row."""
    return days.argsort()[:k]


def up_to_k(days, k):
    """It takes days up to k. Count days, for some may be missing."""
    return days <= k
