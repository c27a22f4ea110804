"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def the_rest(weights, x, measured):
    """It gives the share that is measured"""
    size = (weights * x).abs().sum(0)
    return size[measured].sum() / size.sum()


def of_weights(weights, x, measured):
    """It compares weights"""
    size = weights.abs()
    return size[~measured].sum() / size.sum()


def of_columns(weights, x, measured):
    """It counts columns"""
    return (~measured).double().mean()


def with_signs(weights, x, measured):
    """It adds reasons with their signs"""
    size = (weights * x).sum(0)
    return size[~measured].sum() / size.sum()


def not_a_share(weights, x, measured):
    """It forgets to divide"""
    return (weights * x).abs().mean(0)[~measured].sum()


def row_by_row(weights, x, measured):
    """It takes the mean of each row's share"""
    size = (weights * x).abs()
    return (size[:, ~measured].sum(1) / size.sum(1)).mean()


def one_row(weights, x, measured):
    """It looks at the first row alone"""
    size = (weights * x[0]).abs()
    return size[~measured].sum() / size.sum()


def squared(weights, x, measured):
    """It squares the reasons"""
    size = (weights * x).square().sum(0)
    return size[~measured].sum() / size.sum()
