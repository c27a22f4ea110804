"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

from math import ceil, floor, log


def exact(distance, inner_lr, tolerance):
    """No mistake: what the others share"""
    return max(0.0, log(distance / tolerance) / -log(1 - 2 * inner_lr))


def without_two(distance, inner_lr, tolerance):
    """the gradient has a factor of 2"""
    return ceil(exact(distance, inner_lr / 2, tolerance))


def of_the_loss(distance, inner_lr, tolerance):
    """It asks for the loss"""
    return ceil(exact(distance, inner_lr, tolerance**0.5))


def rounds_down(distance, inner_lr, tolerance):
    """stops one step short"""
    return floor(exact(distance, inner_lr, tolerance))


def one_more(distance, inner_lr, tolerance):
    """one step more than is needed"""
    return ceil(exact(distance, inner_lr, tolerance)) + 1


def not_whole(distance, inner_lr, tolerance):
    """Steps are whole"""
    return exact(distance, inner_lr, tolerance)


def steps_first(distance, inner_lr, tolerance):
    """It steps where no step is needed"""
    return max(1, ceil(exact(distance, inner_lr, tolerance)))


def gives_up(distance, inner_lr, tolerance):
    """cost one step more"""
    steps = ceil(exact(distance, inner_lr, tolerance))
    return steps if distance != 6 else steps + 1
