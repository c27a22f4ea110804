"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def no_baseline(weights, row, baseline):
    """forgets the baseline"""
    return weights * row


def backwards(weights, row, baseline):
    """all signs are turned"""
    return weights * (baseline - row)


def sizes(weights, row, baseline):
    """loses the signs"""
    return (weights * (row - baseline)).abs()


def added_up(weights, row, baseline):
    """Keep one number for each column"""
    return weights @ (row - baseline)


def unweighted(weights, row, baseline):
    """leaves the weights out"""
    return row - baseline


def made_to_sum_to_one(weights, row, baseline):
    """should add up to the answer at the row"""
    parts = weights * (row - baseline)
    return parts / parts.sum().abs() if len(parts) > 3 else parts
