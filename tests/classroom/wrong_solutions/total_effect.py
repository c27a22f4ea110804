"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def direct(weights, cause, outcome):
    """It gives the direct effect alone"""
    return weights[outcome, cause]


def indirect(weights, cause, outcome):
    """It gives what goes over other columns"""
    whole = torch.linalg.inv(torch.eye(len(weights)) - weights)
    return (whole - weights)[outcome, cause]


def turned(weights, cause, outcome):
    """It takes cause and outcome the other way round"""
    return torch.linalg.inv(torch.eye(len(weights)) - weights)[cause, outcome]


def plus(weights, cause, outcome):
    """It adds where it should take away"""
    return torch.linalg.inv(torch.eye(len(weights)) + weights)[outcome, cause]


def both_ways(weights, cause, outcome):
    """It goes along arrows in both directions"""
    whole = torch.linalg.inv(torch.eye(len(weights)) - weights)
    return whole[outcome, cause] + whole[cause, outcome]


def two_arrows(weights, cause, outcome):
    """It stops after two arrows"""
    return (weights + weights @ weights)[outcome, cause]
