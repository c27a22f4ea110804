"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def signed_mean(lab, served, within):
    """one up and one down cancel"""
    return bool((lab - served).mean().abs() <= within)


def one_sided(lab, served, within):
    """served too large"""
    return bool((lab - served).max() <= within)


def other_sided(lab, served, within):
    """served too small"""
    return bool((served - lab).max() <= within)


def mean(lab, served, within):
    """hides in a mean"""
    return bool((lab - served).abs().mean() <= within)


def relative(lab, served, within):
    """lets large numbers off"""
    return bool(((lab - served).abs() <= within * lab.abs().clamp_min(1)).all())


def strict(lab, served, within):
    """exactly `within` is allowed"""
    return bool(((lab - served).abs() < within).all())
