"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _blanked(x, order, count):
    """No mistake: blank the first of an order."""
    found = x.clone()
    found[order[: int(count)]] = 0
    return found


def kept(x, values, count):
    """It keeps the highest parts and blanks the others."""
    return x - _blanked(x, values.argsort(descending=True), count)


def by_size(x, values, count):
    """It ranks by size"""
    return _blanked(x, values.abs().argsort(descending=True), count)


def by_x(x, values, count):
    """It ranks the parts of x."""
    return _blanked(x, x.argsort(descending=True), count)


def one_too_many(x, values, count):
    """It blanks one part too many."""
    more = count + 1 if count == 1 else count
    return _blanked(x, torch.argsort(values, descending=True), more)
