"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def missing(values, output, reference):
    """No mistake: what the others share"""
    return output - reference - values.sum()


def stretched(values, output, reference):
    """That stretches the values"""
    return values * (output - reference) / values.sum()


def without_reference(values, output, reference):
    """It forgets the reference"""
    return values + missing(values, output, 0) / len(values)


def not_shared(values, output, reference):
    """It gives the whole of what is missing to each column"""
    return values + missing(values, output, reference)


def turned(values, output, reference):
    """The sign is turned"""
    return values - missing(values, output, reference) / len(values)


def to_the_last(values, output, reference):
    """All of what is missing goes to one column"""
    found = values.clone()
    found[-1] += missing(values, output, reference)
    return found


def alone(values, output, reference):
    """That is what is missing alone"""
    return values * 0 + missing(values, output, reference) / len(values)


def adds_reference(values, output, reference):
    """It adds the reference where it has to be taken away"""
    return values + missing(values, output, -reference) / len(values)
