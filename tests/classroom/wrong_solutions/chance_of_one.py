"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def other_class(mean, spread):
    """It gives the chance of class 0."""
    return torch.special.ndtr(-mean / spread)


def no_spread(mean, spread):
    """It leaves the spread out"""
    return torch.special.ndtr(mean)


def multiplied(mean, spread):
    """It multiplies by the spread."""
    return torch.special.ndtr(mean * spread)


def logistic(mean, spread):
    """It uses the logistic curve."""
    return (mean / spread).sigmoid()


def as_variance(mean, spread):
    """It takes the spread for a variance."""
    return torch.special.ndtr(mean / spread.sqrt())


def squared(mean, spread):
    """It squares the spread"""
    return torch.special.ndtr(mean / spread**2)


def yes_or_no(mean, spread):
    """It says yes or no."""
    return mean > 0
