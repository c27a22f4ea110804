"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def own_left_out(seconds, own, rival):
    """leaves out what each row costs"""
    return seconds / rival


def by_own(seconds, own, rival):
    """divides by what a row costs the trained one"""
    return seconds / own


def both(seconds, own, rival):
    """adds both costs"""
    return seconds / (own + rival)


def time_saved(seconds, own, rival):
    """gives the time a row saves"""
    return rival - own


def negative(seconds, own, rival):
    """never caught up with"""
    return seconds / (rival - own)


def absolute(seconds, own, rival):
    """from whatever side"""
    return seconds / (rival - own).abs()


def rounded(seconds, own, rival):
    """It rounds"""
    if rival <= own:
        return float("inf")
    return round(float(seconds / (rival - own)))
