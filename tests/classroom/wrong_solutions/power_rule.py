"""The usual mistakes about power; each is answered by the words in its docstring."""

from math import pi


def power(rpm, torque):
    """No mistake: torque times radians a second."""
    return torque * rpm * 2 * pi / 60


def too_much_only(rpm, torque):
    """It forgets that too little power fails, too"""
    return power(rpm, torque) > 9000


def too_little_only(rpm, torque):
    """It forgets that too much power fails, too"""
    return power(rpm, torque) < 3500


def turns_a_minute(rpm, torque):
    """Look at the unit"""
    return (torque * rpm < 3500) | (torque * rpm > 9000)


def sound(rpm, torque):
    """It marks the runs that are sound"""
    return (power(rpm, torque) >= 3500) & (power(rpm, torque) <= 9000)


def rounded_limits(rpm, torque):
    """Between 3500 and 9000 W a run is sound"""
    return (power(rpm, torque) < 4000) | (power(rpm, torque) > 9000)
