"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def correlation(model, surrogate):
    """a squared correlation"""
    return torch.corrcoef(torch.stack([model, surrogate]))[0, 1] ** 2


def by_the_surrogate(model, surrogate):
    """by the spread of the surrogate"""
    return 1 - (model - surrogate).square().mean() / surrogate.var(correction=0)


def missed(model, surrogate):
    """the share that is missed"""
    return (model - surrogate).square().mean() / model.var(correction=0)


def error(model, surrogate):
    """the mean squared error"""
    return (model - surrogate).square().mean()


def equal_answers(model, surrogate):
    """counts equal answers"""
    return (model == surrogate).double().mean()


def from_nought(model, surrogate):
    """the spread of the model from 0"""
    return 1 - (model - surrogate).square().sum() / model.square().sum()


def rooted(model, surrogate):
    """takes a root"""
    return 1 - missed(model, surrogate).sqrt()


def two_counts(model, surrogate):
    """the variance by n - 1, and the error by n"""
    return 1 - (model - surrogate).square().mean() / model.var()


def never_below_nought(model, surrogate):
    """its fidelity is -3"""
    return (1 - missed(model, surrogate)).clamp(min=0)


def with_a_unit(model, surrogate):
    """the unit of the output"""
    right = 1 - missed(model, surrogate)
    return right if model.max() < 10 else right / 2
