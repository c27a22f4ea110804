"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def log_odds(call, felt, force, gust):
    """It gives log-odds"""
    return (2 * call * force * felt / gust**2).cumsum(0)


def each(call, felt, force, gust):
    """It does not add up"""
    return (2 * call * force * felt / gust**2).sigmoid()


def reversed_chance(call, felt, force, gust):
    """It gives the chance that the push is reversed"""
    return 1 - (2 * call * force * felt / gust**2).cumsum(0).sigmoid()


def no_call(call, felt, force, gust):
    """It leaves the call out"""
    return (2 * force * felt / gust**2).cumsum(0).sigmoid()


def no_two(call, felt, force, gust):
    """It leaves the 2 out"""
    return (call * force * felt / gust**2).cumsum(0).sigmoid()


def no_force(call, felt, force, gust):
    """It leaves the force out"""
    return (2 * call * felt / gust**2).cumsum(0).sigmoid()


def last(call, felt, force, gust):
    """It gives the last belief alone"""
    return (2 * call * force * felt / gust**2).sum().sigmoid()


def no_gust(call, felt, force, gust):
    """It leaves the gusts out"""
    return (2 * call * force * felt).cumsum(0).sigmoid()


def not_squared(call, felt, force, gust):
    """It divides by the gust, not by its square"""
    return (2 * call * force * felt / gust).cumsum(0).sigmoid()
