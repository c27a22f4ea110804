"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def no_baseline(slopes, row, baseline):
    """It leaves the baseline out."""
    return slopes.mean(0) * row


def summed(slopes, row, baseline):
    """It adds the slopes up."""
    return slopes.sum(0) * (row - baseline)


def over_columns(slopes, row, baseline):
    """Take it over points, the first axis."""
    return slopes.mean(1) * (row - baseline)


def slopes_alone(slopes, row, baseline):
    """It gives mean slopes."""
    return slopes.mean(0)


def turned(slopes, row, baseline):
    """It goes from the row to the baseline."""
    return slopes.mean(0) * (baseline - row)


def at_the_row(slopes, row, baseline):
    """It knows the last slope alone."""
    return slopes[-1] * (row - baseline)


def at_the_baseline(slopes, row, baseline):
    """It knows the first slope alone."""
    return slopes[0] * (row - baseline)


def constant(slopes, row, baseline):
    """a row that is its own baseline shares out nothing."""
    return [6.0, -1.5]
