"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def no_relevance(a, b, relevance):
    """It leaves the relevances out."""
    return 1 / (1 + (a - b).square().sum() / 2)


def relevance_once(a, b, relevance):
    """It takes a relevance once."""
    return 1 / (1 + (relevance * (a - b).square()).sum() / 2)


def not_halved(a, b, relevance):
    """It forgets to halve"""
    return 1 / (1 + (relevance * (a - b)).square().sum())


def added_first(a, b, relevance):
    """It adds the differences before"""
    return 1 / (1 + (relevance * (a - b)).sum().square() / 2)


def distance(a, b, relevance):
    """It takes the distance, not its square."""
    return 1 / (1 + (relevance * (a - b)).norm() / 2)


def sizes(a, b, relevance):
    """It adds up sizes."""
    return 1 / (1 + (relevance * (a - b)).abs().sum() / 2)


def divided(a, b, relevance):
    """It divides by the relevance."""
    return 1 / (1 + ((a - b) / relevance).square().sum() / 2)


def two_columns(a, b, relevance):
    """It looks at two columns alone."""
    return 1 / (1 + (relevance * (a - b))[:2].square().sum() / 2)
