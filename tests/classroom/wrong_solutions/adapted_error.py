"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def stepped(gates, weights, x, y, inner_lr):
    """No mistake: what the others share"""
    off = x * gates @ weights - y
    return weights - inner_lr * 2 * (x * gates).T @ off / len(y)


def judged(weights, x, y):
    """No mistake: what the others share"""
    return (x @ weights - y).square().mean()


def unmoved(gates, weights, x, y, new_x, new_y, inner_lr):
    """That is the error before the step."""
    return judged(weights, new_x * gates, new_y)


def on_support(gates, weights, x, y, new_x, new_y, inner_lr):
    """It judges on the support rows"""
    return judged(stepped(gates, weights, x, y, inner_lr), x * gates, y)


def ungated_query(gates, weights, x, y, new_x, new_y, inner_lr):
    """The new rows need their gates too."""
    return judged(stepped(gates, weights, x, y, inner_lr), new_x, new_y)


def summed(gates, weights, x, y, new_x, new_y, inner_lr):
    """It follows the sum of the rows' gradients"""
    return judged(stepped(gates, weights, x, y, inner_lr * len(y)), new_x * gates, new_y)


def climbs(gates, weights, x, y, new_x, new_y, inner_lr):
    """It climbs: the error grows."""
    return judged(stepped(gates, weights, x, y, -inner_lr), new_x * gates, new_y)


def half(gates, weights, x, y, new_x, new_y, inner_lr):
    """The 2 is missing"""
    return judged(stepped(gates, weights, x, y, inner_lr / 2), new_x * gates, new_y)


def bare(gates, weights, x, y, new_x, new_y, inner_lr):
    """It leaves the gates out."""
    return judged(stepped(0 * gates + 1, weights, x, y, inner_lr), new_x, new_y)


def straight(gates, weights, x, y, new_x, new_y, inner_lr):
    """It gives the error without its square."""
    moved = stepped(gates, weights, x, y, inner_lr)
    return (new_x * gates @ moved - new_y).mean()


def constant(gates, weights, x, y, new_x, new_y, inner_lr):
    """where the weights fit all rows, nothing should move"""
    return 4.0


def added_up(gates, weights, x, y, new_x, new_y, inner_lr):
    """the same new rows twice over should leave the mean error"""
    moved = stepped(gates, weights, x, y, inner_lr)
    return (new_x * gates @ moved - new_y).square().sum()
