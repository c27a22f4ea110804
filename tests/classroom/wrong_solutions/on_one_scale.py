"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def from_zero(mark, chance, exact):
    """take it away above the line"""
    return mark / (exact - chance)


def of_exact(mark, chance, exact):
    """take chance away from the mark of the exact values"""
    return (mark - chance) / exact


def share(mark, chance, exact):
    """and forgets chance"""
    return mark / exact


def missing(mark, chance, exact):
    """Divide by what lies between chance and the exact values"""
    return mark - chance


def turned(mark, chance, exact):
    """The sign is turned"""
    return (mark - chance) / (chance - exact)


def absolute_below(mark, chance, exact):
    """Both differences change their sign"""
    return (mark - chance) / abs(exact - chance)


def from_exact(mark, chance, exact):
    """It starts at the exact values"""
    return (exact - mark) / (exact - chance)


def absolute(mark, chance, exact):
    """Do not take an absolute value"""
    return abs(mark - chance) / abs(exact - chance)


def cut_below(mark, chance, exact):
    """Do not cut off at 0"""
    return max((mark - chance) / (exact - chance), 0)


def cut_above(mark, chance, exact):
    """Do not cut off at 1"""
    return min((mark - chance) / (exact - chance), 1)


def typed_chance(mark, chance, exact):
    """Chance is not the same for each judge"""
    return (mark - 4) / (exact - 4)
