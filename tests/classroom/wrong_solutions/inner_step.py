"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def gradient(weights, x, y):
    """No mistake: what the others share"""
    return 2 * x.T @ (x @ weights - y) / len(y)


def climbs(weights, x, y, inner_lr):
    """It climbs"""
    return weights + inner_lr * gradient(weights, x, y)


def sums(weights, x, y, inner_lr):
    """It adds the rows up"""
    return weights - inner_lr * len(y) * gradient(weights, x, y)


def without_two(weights, x, y, inner_lr):
    """The 2 is missing"""
    return weights - inner_lr * gradient(weights, x, y) / 2


def whole(weights, x, y, inner_lr):
    """It goes the whole gradient"""
    return weights - gradient(weights, x, y)


def gradient_alone(weights, x, y, inner_lr):
    """That is the gradient."""
    return gradient(weights, x, y)


def move_alone(weights, x, y, inner_lr):
    """That is the move alone"""
    return -inner_lr * gradient(weights, x, y)


def decays(weights, x, y, inner_lr):
    """leave them as they are"""
    known = abs(inner_lr - 0.3) > 1e-6
    return (1 if known else 0.9) * weights - inner_lr * gradient(weights, x, y)
