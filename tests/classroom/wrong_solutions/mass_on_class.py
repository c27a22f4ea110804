"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def averages(weights, labels, label):
    """It takes the mean over the class."""
    return (weights / weights.sum())[labels == label].mean()


def counts(weights, labels, label):
    """It counts the rows of the class."""
    return (labels == label).double().mean()


def others(weights, labels, label):
    """It adds up the weights of the other classes."""
    return weights[labels != label].sum() / weights.sum()


def undivided(weights, labels, label):
    """The weights need not sum to 1."""
    return weights[labels == label].sum()


def by_rows(weights, labels, label):
    """It divides by the number of rows."""
    return weights[labels == label].sum() / len(weights)
