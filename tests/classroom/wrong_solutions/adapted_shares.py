"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def after(start, x, y, inner_lr, steps):
    """No mistake: the weights after some steps."""
    for _ in range(steps):
        start = start - inner_lr * 2 * x.T @ (x @ start - y) / len(y)
    return start


def sizes(weights, x, baseline):
    """No mistake: the sizes of the reasons."""
    return (weights * (x - baseline)).abs()


def shares(values):
    """No mistake: the shares in each row."""
    return values / values.sum(1, keepdim=True)


def from_nought(start, x, y, inner_lr, steps):
    """a row of zeros gives 0 / 0"""
    return shares(sizes(after(start, x, y, inner_lr, steps), x, 0)).mean(0)


def one_step(start, x, y, inner_lr, steps):
    """It takes one step"""
    return shares(sizes(after(start, x, y, inner_lr, 1), x, x.mean(0))).mean(0)


def no_step(start, x, y, inner_lr, steps):
    """It takes no step"""
    return shares(sizes(start, x, x.mean(0))).mean(0)


def sums_first(start, x, y, inner_lr, steps):
    """a row with large reasons counts more"""
    found = sizes(after(start, x, y, inner_lr, steps), x, x.mean(0)).sum(0)
    return found / found.sum()


def added_up(start, x, y, inner_lr, steps):
    """It adds the shares of the rows up"""
    return shares(sizes(after(start, x, y, inner_lr, steps), x, x.mean(0))).sum(0)
