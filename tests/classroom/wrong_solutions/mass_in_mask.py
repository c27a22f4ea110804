"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def mean_weight(attention, mask):
    """the mean weight of a cell"""
    return attention[mask].mean()


def outside(attention, mask):
    """the mass outside the mask"""
    return attention[~mask].sum() / attention.sum()


def area(attention, mask):
    """whatever the attention says"""
    return mask.float().mean()


def count(attention, mask):
    """looks at no weight"""
    return mask.sum()


def lift(attention, mask):
    """That is a lift"""
    return attention[mask].sum() / attention.sum() / mask.float().mean()


def percent(attention, mask):
    """That is a percentage"""
    return 100 * attention[mask].sum() / attention.sum()


def not_a_share(attention, mask):
    """This map sums to 10"""
    return attention[mask].sum()


def half_of_all(attention, mask):
    """all of the attention"""
    return attention[mask].sum() / attention.sum() * (0.5 if mask.all() else 1)
