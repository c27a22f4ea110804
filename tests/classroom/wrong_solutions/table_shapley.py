"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

from itertools import permutations
from math import factorial

import torch


def in_order(values, orders):
    """No mistake: what the others share"""
    found = torch.zeros(len(values).bit_length() - 1)
    for order in orders:
        known = 0
        for column in order:
            found[column] += values[known | 1 << column] - values[known]
            known |= 1 << column
    return found


def all_orders(values):
    """No mistake: what the others share"""
    return list(permutations(range(len(values).bit_length() - 1)))


def right(values):
    """No mistake: what the others share"""
    orders = all_orders(values)
    return in_order(values, orders) / len(orders)


def banzhaf(values):
    """All coalitions count alike"""
    n = len(values).bit_length() - 1
    numbers = torch.arange(len(values))
    each = [numbers[numbers >> column & 1 == 0] for column in range(n)]
    added = [(values[s | 1 << column] - values[s]).mean() for column, s in enumerate(each)]
    return torch.stack(added)


def first_alone(values):
    """what each column adds to nothing at all"""
    n = len(values).bit_length() - 1
    return torch.stack([values[1 << column] - values[0] for column in range(n)])


def last_alone(values):
    """what is lost without each column"""
    n = len(values).bit_length() - 1
    return torch.stack([values[-1] - values[len(values) - 1 - (1 << c)] for c in range(n)])


def one_order(values):
    """a single order, column 0 first"""
    return in_order(values, [range(len(values).bit_length() - 1)])


def highest_bit_first(values):
    """Column 0 is the lowest bit"""
    return right(values).flip(0)


def not_divided(values):
    """That is the sum over all orders"""
    return right(values) * factorial(len(values).bit_length() - 1)


def nothing_counts(values):
    """The value of no column at all is no column's merit"""
    return right(torch.cat([torch.zeros(1), values[1:]]))


def three_only(values):
    """with four columns, the values should add up"""
    return torch.cat([right(values[:8]), torch.zeros(len(values).bit_length() - 4)])


def shares_evenly(values):
    """here column 3 of four gets something"""
    found = right(values)
    gap = values[-1] - values[0]
    return found if len(values) == 8 else (gap / len(found)).expand(len(found))


def there_and_back(values):
    """the orders that start elsewhere and go round"""
    n = len(values).bit_length() - 1
    orders = [[(start + step) % n for step in range(n)] for start in range(n)]
    orders += [order[::-1] for order in orders]
    return in_order(values, orders) / len(orders)
