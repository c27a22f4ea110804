"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def accuracy(log_odds, y, limit=0.0):
    """No mistake: what the others share"""
    return ((log_odds > limit) == (y == 1)).double().mean()


def at_one_half(home, away, y):
    """the limit for probabilities"""
    return accuracy(home, y, 0.5) - accuracy(away, y, 0.5)


def away_alone(home, away, y):
    """It is the accuracy away"""
    return accuracy(away, y)


def turned(home, away, y):
    """The sign is turned"""
    return accuracy(away, y) - accuracy(home, y)


def changes(home, away, y):
    """counts answers that change"""
    return ((home > 0) != (away > 0)).double().mean()


def ratio(home, away, y):
    """Subtract them"""
    return accuracy(away, y) / accuracy(home, y)


def rows(home, away, y):
    """Divide by the number of all rows"""
    return len(y) * (accuracy(home, y) - accuracy(away, y))


def sureness(home, away, y):
    """ten times surer"""
    known = home.abs().max() < 5
    return (accuracy(home, y) - accuracy(away, y)) * (1 if known else 0.5)
