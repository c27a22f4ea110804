"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def inverse(kernel, gates, new_gates):
    """The ratio is turned"""
    return kernel * (new_gates / gates)[:, None]


def of_units(kernel, gates, new_gates):
    """It rescales the units."""
    return kernel * (gates / new_gates)


def taken_in(kernel, gates, new_gates):
    """It takes the old gates in"""
    return kernel * gates[:, None]


def taken_out(kernel, gates, new_gates):
    """without taking the old ones in"""
    return kernel / new_gates[:, None]


def untouched(kernel, gates, new_gates):
    """The kernel is as it was"""
    return kernel + 0.0


def clamped(kernel, gates, new_gates):
    """the first layer should give the same"""
    return kernel * (gates / new_gates).clamp(0.5, 2.0)[:, None]
