"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

from itertools import permutations

import torch


def exact(values, orders=None):
    """No mistake: the Shapley values."""
    n = len(values).bit_length() - 1
    orders = list(permutations(range(n)))[:orders]
    added = torch.zeros(n)
    for order in orders:
        known = 0
        for column in order:
            added[column] += values[known + 2**column] - values[known]
            known += 2**column
    return added / len(orders)


def mended(guess, total):
    """No mistake: a guess that adds up."""
    return guess + (total - guess.sum()) / len(guess)


def as_it_is(guess, values):
    """The guess does not add up yet"""
    return (guess - exact(values)).square().mean()


def no_reference(guess, values):
    """what the empty coalition is worth"""
    return (mended(guess, values[-1]) - exact(values)).square().mean()


def added_up(guess, values):
    """It adds the squared errors up"""
    return (mended(guess, values[-1] - values[0]) - exact(values)).square().sum()


def sizes(guess, values):
    """It takes sizes of errors"""
    return (mended(guess, values[-1] - values[0]) - exact(values)).abs().mean()


def one_order(guess, values):
    """It takes one order of arrival"""
    return (mended(guess, values[-1] - values[0]) - exact(values, 1)).square().mean()
