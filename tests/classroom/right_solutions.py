"""A right solution of each exercise, written as a reader might."""

import torch


def masked_softmax(scores, position):
    later = torch.arange(len(scores)) > position
    return scores.masked_fill(later, -torch.inf).softmax(0)


def context(weights, x):
    return weights @ x


def mass_in_mask(attention, mask):
    return attention[mask].sum() / attention.sum()


def pointing_chance(mask):
    return mask.float().mean()
