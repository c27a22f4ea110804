"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def at_once(gap, speed, grip, reaction):
    """It leaves the reaction time out"""
    return gap - speed**2 / (2 * grip)


def no_two(gap, speed, grip, reaction):
    """It leaves the 2 out"""
    return gap - speed * reaction - speed**2 / grip


def no_square(gap, speed, grip, reaction):
    """It does not square the speed"""
    return gap - speed * reaction - speed / (2 * grip)


def way(gap, speed, grip, reaction):
    """It gives the way to stop"""
    return speed * reaction + speed**2 / (2 * grip)


def clamped(gap, speed, grip, reaction):
    """It says 0 where there is no room"""
    return (gap - speed * reaction - speed**2 / (2 * grip)).clamp_min(0)


def seconds(gap, speed, grip, reaction):
    """It adds the reaction time as if it were metres"""
    return gap - reaction - speed**2 / (2 * grip)
