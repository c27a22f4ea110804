"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def benefit(advised, ill, threshold):
    """No mistake: the net benefit."""
    return (advised * (ill - threshold / (1 - threshold) * (1 - ill))).mean()


def outside(rows, low, high):
    """No mistake: what is out of range."""
    return ~((rows >= low) & (rows <= high))


def nan_inside(rows, low, high, advised, ill, threshold):
    """no number is out of range, too"""
    left = advised * ~((rows < low) | (rows > high)).any(1)
    return benefit(left, ill, threshold) - benefit(advised, ill, threshold)


def all_columns(rows, low, high, advised, ill, threshold):
    """One is enough"""
    left = advised * ~outside(rows, low, high).all(1)
    return benefit(left, ill, threshold) - benefit(advised, ill, threshold)


def turned(rows, low, high, advised, ill, threshold):
    """The sign is turned"""
    left = advised * ~outside(rows, low, high).any(1)
    return benefit(advised, ill, threshold) - benefit(left, ill, threshold)


def after(rows, low, high, advised, ill, threshold):
    """It is the benefit after refusing"""
    return benefit(advised * ~outside(rows, low, high).any(1), ill, threshold)


def those_left(rows, low, high, advised, ill, threshold):
    """All of them count"""
    stay = ~outside(rows, low, high).any(1)
    return benefit(advised[stay], ill[stay], threshold) - benefit(advised, ill, threshold)


def advises_refused(rows, low, high, advised, ill, threshold):
    """Refused is not advised"""
    left = advised.where(~outside(rows, low, high).any(1), 1.0)
    return benefit(left, ill, threshold) - benefit(advised, ill, threshold)
