"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def once_more(gates, order):
    """They have to go back"""
    return gates[order]


def as_they_came(gates, order):
    """as they came"""
    return gates.clone()


def by_size(gates, order):
    """sorts the gates by size"""
    return gates.sort().values


def turned_round(gates, order):
    """undoes only a turning round"""
    return gates.flip(0)


def places(gates, order):
    """These are places"""
    return order.argsort()


def four_at_most(gates, order):
    """should come back as they were"""
    back = gates.clone()
    back[order[:4]] = gates[:4]
    return back
