"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def signed(values, spread, exact, share):
    """errors have signs"""
    return ((exact - values) / spread).quantile(share)


def undivided(values, spread, exact, share):
    """errors in their own unit"""
    return (exact - values).abs().quantile(share)


def mean(values, spread, exact, share):
    """takes the mean"""
    return ((exact - values).abs() / spread).mean()


def largest(values, spread, exact, share):
    """gives the largest"""
    return ((exact - values).abs() / spread).max()


def other_side(values, spread, exact, share):
    """quantile 1 - share"""
    return ((exact - values).abs() / spread).quantile(1 - share)


def mean_spread(values, spread, exact, share):
    """by the mean spread"""
    return (exact - values).abs().quantile(share) / spread.mean()


def normal(values, spread, exact, share):
    """divides by 1.64 besides"""
    return ((exact - values).abs() / spread).quantile(share) / 1.64


def squared(values, spread, exact, share):
    """squares the errors"""
    return ((exact - values) / spread).square().quantile(share)


def exact_alone(values, spread, exact, share):
    """exact values alone"""
    return (exact.abs() / spread).quantile(share)


def added(values, spread, exact, share):
    """adds what has to be subtracted"""
    return ((values + exact).abs() / spread).quantile(share)


def sizes(values, spread, exact, share):
    """compares sizes"""
    return ((values.abs() - exact.abs()).abs() / spread).quantile(share)
