"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def task_by_task(untrained, transferred, home):
    """It divides task by task"""
    return ((transferred - untrained) / (home - untrained)).mean()


def of_home(untrained, transferred, home):
    """It leaves the untrained learner out"""
    return transferred.mean() / home.mean()


def lead(untrained, transferred, home):
    """It gives the lead over untrained."""
    return transferred.mean() - untrained.mean()


def left(untrained, transferred, home):
    """It gives the way that is left."""
    return transferred.mean() - home.mean()


def by_home(untrained, transferred, home):
    """It divides by home alone."""
    return (transferred.mean() - untrained.mean()) / home.mean()


def cut(untrained, transferred, home):
    """Do not cut it."""
    way = (transferred.mean() - untrained.mean()) / (home.mean() - untrained.mean())
    return way.clamp(0, 1)


def unsigned(untrained, transferred, home):
    """Keep the sign."""
    way = (transferred.mean() - untrained.mean()) / (home.mean() - untrained.mean())
    return way.abs()


def at_most_one(untrained, transferred, home):
    """Transfer can be better than home"""
    way = (transferred.mean() - untrained.mean()) / (home.mean() - untrained.mean())
    return way.clamp(max=1)
