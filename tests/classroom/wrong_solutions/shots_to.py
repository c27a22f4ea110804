"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def places(target, errors):
    """No mistake: what the others share"""
    return (errors <= target).nonzero().flatten().tolist()


def line(target, shots, errors, i):
    """No mistake: what the others share"""
    share = (errors[i - 1] - target) / (errors[i - 1] - errors[i])
    return shots[i - 1] + share * (shots[i] - shots[i - 1])


def first_tried(target, shots, errors):
    """It takes the first number of shots that was tried below"""
    return shots[places(target, errors)[0]]


def last_above(target, shots, errors):
    """It takes the last number of shots that was tried above"""
    return shots[places(target, errors)[0] - 1]


def backwards(target, shots, errors):
    """The line runs backwards"""
    i = places(target, errors)[0]
    return shots[i - 1] + shots[i] - line(target, shots, errors, i)


def one_line(target, shots, errors):
    """It draws one line from the first to the last"""
    ends = [0, -1]
    return line(target, shots[ends], errors[ends], 1)


def counts_places(target, shots, errors):
    """It counts places in the list"""
    i = places(target, errors)[0]
    return i - 1 + (errors[i - 1] - target) / (errors[i - 1] - errors[i])


def last_crossing(target, shots, errors):
    """Take the first"""
    above = (errors > target).nonzero().flatten().tolist()
    return line(target, shots, errors, above[-1] + 1)


def as_if_reached(target, shots, errors):
    """as if the target had been reached there"""
    found = places(target, errors)
    return line(target, shots, errors, found[0]) if found else shots[-1]


def beyond(target, shots, errors):
    """where nothing was measured"""
    found = places(target, errors)
    return line(target, shots, errors, found[0] if found else len(shots) - 1)


def in_steps_of_ten(target, shots, errors):
    """ten times all shots"""
    found = places(target, errors)
    at = line(target, shots, errors, found[0]) if found else float("inf")
    return min(at, 60.0) if found else at
