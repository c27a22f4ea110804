"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def everybody(approved, repaid, group):
    """looks at everybody"""
    yes = approved.double()
    return yes[~group].mean() - yes[group].mean()


def precision(approved, repaid, group):
    """who pays back among the yes"""
    paid = repaid.double()
    return paid[~group & approved].mean() - paid[group & approved].mean()


def both(approved, repaid, group):
    """divides by the whole side"""
    hit = (approved & repaid).double()
    return hit[~group].mean() - hit[group].mean()


def turned(approved, repaid, group):
    """takes the group's share first"""
    yes = approved.double()
    return yes[group & repaid].mean() - yes[~group & repaid].mean()


def others(approved, repaid, group):
    """those who would not pay back"""
    yes = approved.double()
    return yes[~group & ~repaid].mean() - yes[group & ~repaid].mean()


def size(approved, repaid, group):
    """the gap keeps its sign"""
    yes = approved.double()
    return (yes[~group & repaid].mean() - yes[group & repaid].mean()).abs()
