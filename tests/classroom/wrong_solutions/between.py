"""The usual mistakes about a start and its price; each is answered by its docstring."""


def the_mean(y, start, freedom):
    """It is the mean of the rows"""
    return y.mean()


def rows_as_one(y, start, freedom):
    """It forgets that each row counts"""
    return (y.mean() + start / freedom) / (1 + 1 / freedom)


def freedom_for_price(y, start, freedom):
    """It takes the freedom for the price"""
    return (y.sum() + start * freedom) / (len(y) + freedom)


def at_the_start(y, start, freedom):
    """It stays at the start"""
    return start


def towards_nought(y, start, freedom):
    """It shrinks towards nought"""
    return y.sum() / (len(y) + 1 / freedom)
