"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def any_variance(towards, variances):
    """It leaves the variances out"""
    return towards.square().sum(0).argmax()


def cancelled(towards, variances):
    """It adds the covariances without squaring them"""
    return (towards.sum(0) / variances).argmax()


def least(towards, variances):
    """It looks for the question that helps least."""
    return (towards.square().sum(0) / variances).argmin()


def largest_alone(towards, variances):
    """It looks at the value that gains most."""
    return (towards.square().amax(0) / variances).argmax()


def by_deviation(towards, variances):
    """It divides by the standard deviation."""
    return (towards.square().sum(0) / torch.sqrt(variances)).argmax()


def without_squares(towards, variances):
    """It adds covariances without their signs."""
    return (towards.abs().sum(0) / variances).argmax()


def by_length(towards, variances):
    """It lets the variance count too much."""
    return (towards.norm(dim=0) / variances).argmax()
