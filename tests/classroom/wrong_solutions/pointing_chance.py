"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def one_cell(mask):
    """all three cells of the mask are hits"""
    return 1 / mask.numel()


def among_the_mask(mask):
    """Draw from all cells"""
    return 1 / mask.sum()


def count(mask):
    """Divide by the number of all cells"""
    return mask.sum()


def miss(mask):
    """the probability of a miss"""
    return 1 - mask.float().mean()


def by_rows(mask):
    """the number of rows"""
    return mask.sum() / mask.shape[0]


def by_columns(mask):
    """the number of columns"""
    return mask.sum() / mask.shape[1]


def never_sure(mask):
    """each draw is a hit"""
    return mask.float().mean().clamp(max=0.99)


def never_hopeless(mask):
    """no draw is a hit"""
    return torch.maximum(mask.float().mean(), torch.tensor(0.01))
