"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _beaten(length, fidelity, shorter, better):
    """No mistake: models for which another is shorter and better, by two tests."""
    pairs = shorter(length[None], length[:, None]) & better(fidelity[None], fidelity[:, None])
    return pairs.any(1)


def both(length, fidelity):
    """better in both at once"""
    return ~_beaten(length, fidelity, torch.lt, torch.gt)


def as_good(length, fidelity):
    """as good but longer"""
    return ~_beaten(length, fidelity, torch.le, torch.gt)


def as_short(length, fidelity):
    """as short but worse"""
    return ~_beaten(length, fidelity, torch.lt, torch.ge)


def marked_beaten(length, fidelity):
    """It marks those that are beaten"""
    first = _beaten(length, fidelity, torch.le, torch.gt)
    return first | _beaten(length, fidelity, torch.lt, torch.ge)


def ends(length, fidelity):
    """It marks the best and the shortest only"""
    return (length == length.min()) | (fidelity == fidelity.max())


def itself(length, fidelity):
    """as short and as good as itself"""
    return ~_beaten(length, fidelity, torch.le, torch.ge)


def in_order(length, fidelity):
    """It takes the models in the order given"""
    best, kept = -1.0, []
    for value in fidelity.tolist():
        kept.append(value > best)
        best = max(best, value)
    return torch.tensor(kept)


def one_of_two(length, fidelity):
    """Two equal models do not beat each other"""
    kept = ~marked_beaten(length, fidelity)
    if bool((length == length[0]).all()):
        kept[1:] = False
    return kept
