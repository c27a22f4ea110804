"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def units(points, weight, step, bound):
    """forgets the step"""
    return ((bound - points) / weight.abs()).ceil().clamp_min(0)


def nearest(points, weight, step, bound):
    """rounds to the nearest"""
    return ((bound - points) / (weight.abs() * step)).round().clamp_min(0)


def parts(points, weight, step, bound):
    """not whole"""
    return ((bound - points) / (weight.abs() * step)).clamp_min(0)


def one_more(points, weight, step, bound):
    """one step more than is needed"""
    return (((bound - points) / (weight.abs() * step)).floor() + 1).clamp_min(0)


def signed(points, weight, step, bound):
    """count them by its size"""
    return ((bound - points) / (weight * step)).ceil()


def upwards(points, weight, step, bound):
    """never looks at weights below 0"""
    return ((bound - points) / (weight * step)).ceil().clamp_min(0)


def beyond(points, weight, step, bound):
    """not fewer"""
    return ((bound - points) / (weight.abs() * step)).ceil()


def gap_rounded(points, weight, step, bound):
    """Round the steps alone"""
    return ((bound - points).ceil() / (weight.abs() * step)).ceil().clamp_min(0)
