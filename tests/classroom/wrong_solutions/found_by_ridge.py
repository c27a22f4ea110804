"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def fitted(x, y, price):
    """No mistake: ridge."""
    return torch.linalg.solve(x.T @ x + price * torch.eye(x.shape[1]), x.T @ y)


def in_units(x, stayed):
    """No mistake: the training rows in their units."""
    return (x[stayed] - x[stayed].mean(0)) / x[stayed].std(0, correction=0)


def ahead(weights, relevant):
    """No mistake: how often a relevant column is ahead."""
    return (weights[relevant][:, None] > weights[~relevant]).double()


def all_rows(x, y, stayed, price, relevant):
    """fit the training rows"""
    units = (x - x[stayed].mean(0)) / x[stayed].std(0, correction=0)
    return ahead(fitted(units, y, price).abs(), relevant).mean()


def signed(x, y, stayed, price, relevant):
    """It compares signed weights"""
    return ahead(fitted(in_units(x, stayed), y[stayed], price), relevant).mean()


def raw(x, y, stayed, price, relevant):
    """weights of raw columns"""
    raw = x[stayed] - x[stayed].mean(0)
    return ahead(fitted(raw, y[stayed], price).abs(), relevant).mean()


def exchanged(x, y, stayed, price, relevant):
    """the other column weighs more"""
    weights = fitted(in_units(x, stayed), y[stayed], price).abs()
    return ahead(weights, ~relevant).mean()


def counted(x, y, stayed, price, relevant):
    """It counts pairs"""
    weights = fitted(in_units(x, stayed), y[stayed], price).abs()
    return ahead(weights, relevant).sum()
