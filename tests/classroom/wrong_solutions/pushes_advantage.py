"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _summed(surprise, factor):
    """No mistake, a helper."""
    found, later = torch.zeros_like(surprise), torch.tensor(0.0)
    for step in reversed(range(len(surprise))):
        later = surprise[step] + factor * later
        found[step] = later
    return found


def one_step(reward, value, discount, trust):
    """It looks at one step only"""
    return reward + discount * value[1:] - value[:-1]


def no_value_after(reward, value, discount, trust):
    """It leaves the value after each step out"""
    return _summed(reward - value[:-1], discount * trust)


def no_value_before(reward, value, discount, trust):
    """It does not take the expected value away"""
    return _summed(reward + discount * value[1:], discount * trust)


def no_trust(reward, value, discount, trust):
    """It leaves the trust out"""
    return _summed(reward + discount * value[1:] - value[:-1], discount)


def no_discount(reward, value, discount, trust):
    """It leaves the discount of later surprises out"""
    return _summed(reward + discount * value[1:] - value[:-1], trust)


def past(reward, value, discount, trust):
    """It adds up the past"""
    surprise = reward + discount * value[1:] - value[:-1]
    return _summed(surprise.flip(0), discount * trust).flip(0)


def ends_at_nought(reward, value, discount, trust):
    """It takes 0 for the value after the last step"""
    later = torch.cat([value[1:-1], torch.zeros(1)])
    return _summed(reward + discount * later - value[:-1], discount * trust)
