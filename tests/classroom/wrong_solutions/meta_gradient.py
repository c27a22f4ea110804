"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def second_order(start, goals, inner_lr):
    """No mistake: what the others share"""
    return (2 * (1 - 2 * inner_lr) ** 2 * (start - goals)).mean()


def first_order(start, goals, inner_lr):
    """That is first order"""
    return (2 * (1 - 2 * inner_lr) * (start - goals)).mean()


def pooled(start, goals, inner_lr):
    """without any inner step"""
    return (2 * (start - goals)).mean()


def sums(start, goals, inner_lr):
    """It adds the tasks up"""
    return len(goals) * second_order(start, goals, inner_lr)


def turned(start, goals, inner_lr):
    """The sign is turned"""
    return -second_order(start, goals, inner_lr)


def short(start, goals, inner_lr):
    """The inner step is too short"""
    return (2 * (1 - inner_lr) ** 2 * (start - goals)).mean()


def loss(start, goals, inner_lr):
    """the mean loss after the step"""
    return ((1 - 2 * inner_lr) ** 2 * (start - goals) ** 2).mean()


def one_task(start, goals, inner_lr):
    """the mean of the goals is the best start"""
    known = len(goals) == 2
    return second_order(start, goals if known else goals[:1], inner_lr)


def always_as_far(start, goals, inner_lr):
    """no start is better than another"""
    return second_order(start, goals, min(inner_lr, 0.4))
