"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def halves(row, background):
    """halves the product"""
    return (row.prod() / 2).expand(2)


def first_first(row, background):
    """the first column first"""
    none, both = background.prod(1).mean(), row.prod()
    alone = row[0] * background[:, 1].mean()
    return torch.stack([alone - none, both - alone])


def second_first(row, background):
    """the second column first"""
    return first_first(row.flip(0), background.flip(1)).flip(0)


def halved_difference(row, background):
    """halves the difference"""
    return ((row.prod() - background.prod(1).mean()) / 2).expand(2)


def multiplied_means(row, background):
    """multiplies the means"""
    means = background.mean(0)
    alone, none = row * means.flip(0), means.prod()
    return ((alone - none) + (row.prod() - alone.flip(0))) / 2


def both_orders(row, background):
    """adds both orders"""
    return first_first(row, background) + second_first(row, background)


def exchanged(row, background):
    """The two columns are exchanged"""
    return both_orders(row, background).flip(0) / 2


def one_too_many(row, background):
    """add up to the product less its mean"""
    right = both_orders(row, background) / 2
    return right if len(background) < 5 else right + 1


def leans_to_the_first(row, background):
    """a product knows no first column"""
    right = both_orders(row, background) / 2
    return right if len(background) < 5 else right + torch.tensor([1.0, -1.0])
