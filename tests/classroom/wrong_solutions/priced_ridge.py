"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def no_price(x, y, prices):
    """asks no price at all"""
    return torch.linalg.solve(x.T @ x, x.T @ y)


def one_price(x, y, prices):
    """All columns pay the mean price"""
    return torch.linalg.solve(x.T @ x + prices.mean() * torch.eye(len(prices)), x.T @ y)


def cheap_for_dear(x, y, prices):
    """dear columns become cheap"""
    return torch.linalg.solve(x.T @ x + torch.diag(1 / prices), x.T @ y)


def squared_prices(x, y, prices):
    """squares the prices"""
    return torch.linalg.solve(x.T @ x + torch.diag(prices**2), x.T @ y)


def mean_of_errors(x, y, prices):
    """takes the mean of the squared errors"""
    return torch.linalg.solve(x.T @ x + len(x) * torch.diag(prices), x.T @ y)


def prices_everywhere(x, y, prices):
    """They belong on its diagonal alone"""
    return torch.linalg.solve(x.T @ x + prices, x.T @ y)


def dropped(x, y, prices):
    """should get a weight of nearly 0"""
    return torch.linalg.solve(x.T @ x + torch.diag(prices.clamp(max=100)), x.T @ y)
