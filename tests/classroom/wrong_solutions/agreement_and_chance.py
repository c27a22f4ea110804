"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _chance(actions):
    """No mistake, a helper."""
    share = actions.float().mean()
    return torch.maximum(share, 1 - share)


def all_states(rules, driver, visited):
    """It counts states after the end of a trip, too"""
    return torch.stack([(rules == driver).float().mean(), _chance(driver)])


def half(rules, driver, visited):
    """It takes chance as one half"""
    same = (rules == driver)[visited].float().mean()
    return torch.stack([same, torch.tensor(0.5)])


def by_trip(rules, driver, visited):
    """It takes the mean over trips"""
    n = visited.sum(1)
    same = ((rules == driver) & visited).sum(1) / n
    ones = (driver * visited).sum(1) / n
    return torch.stack([same.mean(), torch.maximum(ones, 1 - ones).mean()])


def of_rules(rules, driver, visited):
    """It takes the commonest action of the rules"""
    same = (rules == driver)[visited].float().mean()
    return torch.stack([same, _chance(rules[visited])])


def alone(rules, driver, visited):
    """It gives the agreement alone"""
    return (rules == driver)[visited].float().mean()


def chance_in_all(rules, driver, visited):
    """It counts agreement in visited states, and chance in all"""
    return torch.stack([(rules == driver)[visited].float().mean(), _chance(driver)])


def zero(rules, driver, visited):
    """It takes 0 for the commonest action"""
    same = (rules == driver)[visited].float().mean()
    return torch.stack([same, (driver[visited] == 0).float().mean()])


def mixed(rules, driver, visited):
    """It mixes the driver's ones with the zeros of the rules"""
    same = (rules == driver)[visited].float().mean()
    ones, noughts = driver[visited].float().mean(), 1 - rules[visited].float().mean()
    return torch.stack([same, torch.maximum(ones, noughts)])
