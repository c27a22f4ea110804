"""Usual mistakes in `days_waited`; each docstring is the sentence that answers it."""

import torch


def after(rings, opened):
    """No mistake: the days of the alarms after the opening."""
    days = rings.nonzero()[:, 0]
    return days[days > opened]


def any_alarm(rings, opened):
    """It counts an alarm before the road: that one is false."""
    return rings.nonzero()[0, 0] - opened


def the_day(rings, opened):
    """It gives the day of the alarm. Count from the opening."""
    return after(rings, opened)[0]


def the_last(rings, opened):
    """It gives the last alarm. Give the first after the opening."""
    return after(rings, opened)[-1] - opened


def between(rings, opened):
    """It counts the days between. An alarm on the day after is 1 day late."""
    return after(rings, opened)[0] - opened - 1


def how_many(rings, opened):
    """It counts the alarms after the opening. Count the days before the first."""
    return len(after(rings, opened))


def no_end(rings, opened):
    """No alarm rings after the opening, so the wait has no end."""
    found = after(rings, opened)
    return found[0] - opened if len(found) else 0


def same_day(rings, opened):
    """An alarm of the opening day saw no day with the road. Look after it."""
    days = rings.nonzero()[:, 0]
    days = days[days >= opened]
    return days[0] - opened if len(days) else torch.inf


def last_run(rings, opened):
    """It gives the last run of alarms. Give the first alarm after the opening."""
    later = rings & (torch.arange(len(rings)) > opened)
    begins = later.clone()
    begins[1:] &= ~later[:-1]
    found = after(begins, opened)
    return found[-1] - opened if len(found) else torch.inf
