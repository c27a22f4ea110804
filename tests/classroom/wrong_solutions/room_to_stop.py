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


def half_a_second(gap, speed, grip, reaction):
    """It takes half a second for every reaction time"""
    return gap - speed * 0.5 - speed**2 / (2 * grip)


def rest_of_a_second(gap, speed, grip, reaction):
    """It takes what is left of a second"""
    return gap - speed * (1 - reaction) - speed**2 / (2 * grip)


def longer_brakes(gap, speed, grip, reaction):
    """The way to brake does not hang on the reaction time"""
    return gap - speed * reaction - speed**2 / (4 * reaction * grip)
