"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def plane(steps, outputs, scale):
    """No mistake: the intercept and the slopes."""
    table = torch.cat([torch.ones(len(steps), 1), steps], 1)
    return torch.linalg.lstsq(table * scale[:, None], (outputs * scale)[:, None]).solution[:, 0]


def unweighted(steps, outputs, closeness):
    """All neighbours count the same"""
    return plane(steps, outputs, torch.ones_like(closeness))[1:]


def twice(steps, outputs, closeness):
    """The closeness counts twice"""
    return plane(steps, outputs, closeness)[1:]


def through_the_row(steps, outputs, closeness):
    """There is no intercept"""
    scale = closeness.sqrt()
    return torch.linalg.lstsq(steps * scale[:, None], (outputs * scale)[:, None]).solution[:, 0]


def with_the_intercept(steps, outputs, closeness):
    """The intercept is among the slopes"""
    return plane(steps, outputs, closeness.sqrt())


def outputs_alone(steps, outputs, closeness):
    """scales the outputs alone"""
    return plane(steps, outputs * closeness.sqrt(), torch.ones_like(closeness))[1:]


def held_back(steps, outputs, closeness):
    """a linear model should get its own weights back"""
    right = plane(steps, outputs, closeness.sqrt())[1:]
    return right if len(steps) < 4 else 0.9 * right


def closeness_has_a_unit(steps, outputs, closeness):
    """if all neighbours are ten times as close"""
    near = closeness if len(steps) < 4 else closeness.clamp(max=1)
    return plane(steps, outputs, near.sqrt())[1:]
