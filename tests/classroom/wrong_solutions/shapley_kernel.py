"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

from math import comb, perm


def of_the_size(n, size):
    """the weight of all coalitions of that size together"""
    return (n - 1) / (size * (n - size))


def without_factor(n, size):
    """The factor n - 1 is missing"""
    return 1 / (comb(n, size) * size * (n - size))


def without_absent(n, size):
    """The number of columns that are absent is missing"""
    return (n - 1) / (comb(n, size) * size)


def without_known(n, size):
    """The number of columns that are known is missing"""
    return (n - 1) / (comb(n, size) * (n - size))


def of_n(n, size):
    """Above the line stands n - 1, not n"""
    return n / (comb(n, size) * size * (n - size))


def powers(n, size):
    """It counts coalitions of that size as n**size"""
    return (n - 1) / (n**size * size * (n - size))


def in_order(n, size):
    """It counts pairs in order"""
    return (n - 1) / (perm(n, size) * size * (n - size))


def of_four(n, size):
    """three of ten columns should weigh as much as the other seven"""
    return (n - 1) / (comb(n, size) * size * (4 - size if size < 4 else n))


def three_above(n, size):
    """3 is right for four columns alone"""
    return 3 / (comb(n, size) * size * (n - size))


def smaller_side(n, size):
    """How many coalitions have two of five"""
    return 1 / (n * min(size, n - size))
