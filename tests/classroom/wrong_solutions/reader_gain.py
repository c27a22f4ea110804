"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def right(guesses, answers):
    """No mistake: what the others share"""
    return (guesses == answers).double()


def together(told, untold, answers):
    """The tasks are thrown together"""
    return (right(told, answers) - right(untold, answers)).mean()


def turned(told, untold, answers):
    """The sign is turned"""
    return (right(untold, answers) - right(told, answers)).mean(1)


def counts(told, untold, answers):
    """It counts right guesses"""
    return (right(told, answers) - right(untold, answers)).sum(1)


def put_right(told, untold, answers):
    """forgets those they put wrong"""
    return (right(told, answers) * (1 - right(untold, answers))).mean(1)


def with_alone(told, untold, answers):
    """Take off that without"""
    return right(told, answers).mean(1)


def changes(told, untold, answers):
    """Compare each with the answers"""
    return (told != untold).double().mean(1)


def by_row(told, untold, answers):
    """Take the mean over rows"""
    return (right(told, answers) - right(untold, answers)).mean(0)


def sizes(told, untold, answers):
    """Explanations may do harm"""
    return (right(told, answers) - right(untold, answers)).mean(1).abs()
