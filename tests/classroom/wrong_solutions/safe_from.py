"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def the_first(lows, sizes):
    """It takes the first size that is above 0"""
    return sizes[(lows > 0).nonzero()[0, 0]]


def a_place(lows, sizes):
    """It gives a place"""
    bad = (lows <= 0).nonzero()[:, 0]
    return 0 if len(bad) == 0 else bad[-1] + 1


def the_largest(lows, sizes):
    """It takes the largest size"""
    return sizes[-1]


def how_many(lows, sizes):
    """It gives how many sizes are safe"""
    return (lows > 0).sum()


def nought_is_enough(lows, sizes):
    """A lower end of exactly 0 is not above 0"""
    bad = (lows < 0).nonzero()[:, 0]
    start = 0 if len(bad) == 0 else int(bad[-1]) + 1
    return sizes[start] if start < len(sizes) else 0


def never_none(lows, sizes):
    """The last size is below 0"""
    bad = (lows <= 0).nonzero()[:, 0]
    start = 0 if len(bad) == 0 else int(bad[-1]) + 1
    return sizes[min(start, len(sizes) - 1)]


def never_all(lows, sizes):
    """Where all lower ends are above 0"""
    bad = (lows <= 0).nonzero()[:, 0]
    start = 0 if len(bad) == 0 else int(bad[-1]) + 1
    return sizes[start] if 0 < start < len(sizes) else 0


def never_the_first_size(lows, sizes):
    """It never looks at the first size"""
    safe = 0
    for place in range(len(sizes) - 1, 0, -1):
        if lows[place] <= 0:
            break
        safe = sizes[place]
    return safe


def above_a_hundredth(lows, sizes):
    """Above 0 is enough"""
    bad = (lows <= 0.005).nonzero()[:, 0]
    start = 0 if len(bad) == 0 else int(bad[-1]) + 1
    return sizes[start] if start < len(sizes) else 0
