"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def fading(curve, keep, start=0.0):
    """No mistake: what the others share"""
    last, found = start, []
    for value in curve.tolist():
        last = keep * last + (1 - keep) * value
        found.append(last)
    return torch.tensor(found)


def counts(curve):
    """No mistake: the number of each step"""
    return torch.arange(1, len(curve) + 1)


def too_small(curve, keep):
    """Its first values are too small"""
    return fading(curve, keep)


def from_the_first(curve, keep):
    """It begins at the first value."""
    return fading(curve, keep, curve[0].item())


def one_divisor(curve, keep):
    """It divides by 1 - keep at every step."""
    return fading(curve, keep) / (1 - keep)


def goes_on(curve, keep):
    """It divides, and goes on from what it divided."""
    last, found = 0.0, []
    for t, value in enumerate(curve.tolist(), 1):
        last = (keep * last + (1 - keep) * value) / (1 - keep**t)
        found.append(last)
    return torch.tensor(found)


def exchanged(curve, keep):
    """exchange keep and 1 - keep"""
    return fading(curve, 1 - keep) / (1 - (1 - keep) ** counts(curve))
