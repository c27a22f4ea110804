"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def inside(low, high, seen):
    """No mistake: what the functions below share."""
    return ((seen >= low) & (seen <= high)).float().mean()


def of_95(logits, spread, seen):
    """as for 95 %"""
    reach = 1.96 * spread
    return inside((logits - reach).sigmoid(), (logits + reach).sigmoid(), seen)


def one_spread(logits, spread, seen):
    """takes one standard deviation"""
    return inside((logits - spread).sigmoid(), (logits + spread).sigmoid(), seen)


def around_the_gate(logits, spread, seen):
    """lays the interval around the gate"""
    middle = logits.sigmoid()
    return inside(middle - 1.63 * spread, middle + 1.63 * spread, seen)


def upper_end(logits, spread, seen):
    """below the upper end"""
    return (seen <= (logits + 1.63 * spread).sigmoid()).float().mean()


def lower_end(logits, spread, seen):
    """above the lower end"""
    return (seen >= (logits - 1.63 * spread).sigmoid()).float().mean()


def outside(logits, spread, seen):
    """counts those outside"""
    reach = 1.63 * spread
    return 1 - inside((logits - reach).sigmoid(), (logits + reach).sigmoid(), seen)


def gates_with_logits(logits, spread, seen):
    """compares gates with logits"""
    return inside(logits - 1.63 * spread, logits + 1.63 * spread, seen)


def counts(logits, spread, seen):
    """Give the share"""
    off = (torch.logit(seen) - logits).abs()
    return (off <= 1.63 * spread).sum()


def variance(logits, spread, seen):
    """squares the spread"""
    reach = 1.63 * spread**2
    return inside((logits - reach).sigmoid(), (logits + reach).sigmoid(), seen)


def root(logits, spread, seen):
    """takes the root of the spread"""
    reach = 1.63 * spread.sqrt()
    return inside((logits - reach).sigmoid(), (logits + reach).sigmoid(), seen)


def normal_law(logits, spread, seen):
    """takes 1.645 standard deviations"""
    reach = 1.645 * spread
    return inside((logits - reach).sigmoid(), (logits + reach).sigmoid(), seen)
