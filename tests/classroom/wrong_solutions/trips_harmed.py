"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _driven(gap, steps):
    """No mistake, a helper."""
    return torch.arange(gap.shape[1]) < steps[:, None]


def steps_counted(gap, off, steps):
    """It counts steps."""
    return (((gap <= 0) | off) & _driven(gap, steps)).sum()


def last(gap, off, steps):
    """It looks at the last step only"""
    at = steps[:, None] - 1
    return ((gap <= 0) | off).gather(1, at).sum()


def on_road(gap, off, steps):
    """It leaves out who left the road"""
    return ((gap <= 0) & _driven(gap, steps)).any(1).sum()


def beside(gap, off, steps):
    """It leaves out who collided"""
    return (off & _driven(gap, steps)).any(1).sum()


def share(gap, off, steps):
    """It gives a share"""
    return (((gap <= 0) | off) & _driven(gap, steps)).any(1).float().mean()


def below(gap, off, steps):
    """It asks for a gap below 0"""
    return (((gap < 0) | off) & _driven(gap, steps)).any(1).sum()


def after_the_end(gap, off, steps):
    """It counts what stands after the end"""
    return ((gap <= 0) | off).any(1).sum()


def twice(gap, off, steps):
    """A trip that collides and leaves the road counts once"""
    driven = _driven(gap, steps)
    return ((gap <= 0) & driven).any(1).sum() + (off & driven).any(1).sum()


def longest(gap, off, steps):
    """It takes one length for all trips"""
    return ((gap <= 0) | off)[:, : int(steps.max())].any(1).sum()


def first_length(gap, off, steps):
    """It takes the shortest length for all trips"""
    return ((gap <= 0) | off)[:, : int(steps[0])].any(1).sum()
