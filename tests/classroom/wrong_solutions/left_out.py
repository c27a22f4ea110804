"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _shares(weights, labels, label):
    """No mistake: p, and p without each row."""
    own = weights * (labels == label)
    p = own.sum() / weights.sum()
    return own, p, (own.sum() - own) / (weights.sum() - weights)


def not_shared_anew(weights, labels, label):
    """the other weights share out anew"""
    own, p, _ = _shares(weights, labels, label)
    return (p / (p - own)).log()


def probabilities(weights, labels, label):
    """Take logarithms."""
    _, p, without = _shares(weights, labels, label)
    return p - without


def turned_round(weights, labels, label):
    """It has the sign turned round"""
    _, p, without = _shares(weights, labels, label)
    return (without / p).log()


def sizes(weights, labels, label):
    """each other row against it"""
    _, p, without = _shares(weights, labels, label)
    found = (p / without).log()
    return torch.where(labels == label, found, found.abs()) if len(weights) > 3 else found


def of_one(weights, labels, label):
    """Without a row, divide by the sum of the others."""
    own = weights * (labels == label)
    return (own.sum() * (1 - weights) / (own.sum() - own)).log()


def undivided(weights, labels, label):
    """Divide by their sum for p, too."""
    own, _, without = _shares(weights, labels, label)
    return (own.sum() / without).log()
