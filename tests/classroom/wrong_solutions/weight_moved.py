"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def twice(before, after):
    """counted twice"""
    return (after - before).abs().sum(1)


def signed(before, after):
    """Signed changes of a sentence add up to 0"""
    return (after - before).sum(1) / 2


def mean(before, after):
    """longer sentences seem to move less"""
    return (after - before).abs().mean(1)


def halved_mean(before, after):
    """averages over the places and halves"""
    return (after - before).abs().mean(1) / 2


def quarter(before, after):
    """halves twice"""
    return (after - before).abs().sum(1) / 4


def squares(before, after):
    """squares the changes"""
    return (after - before).square().sum(1)


def one_number(before, after):
    """one number for all sentences"""
    return (after - before).abs().sum() / 2
