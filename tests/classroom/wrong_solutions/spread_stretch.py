"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def no_spread(found, spread, exact, share):
    """It leaves the spread out"""
    return (found - exact).abs().quantile(share)


def signed(found, spread, exact, share):
    """It lets signs stand: an error"""
    return ((found - exact) / spread).quantile(share)


def signed_the_other_way(found, spread, exact, share):
    """It lets signs stand, and an error"""
    return ((exact - found) / spread).quantile(share)


def multiplied(found, spread, exact, share):
    """It multiplies by the spread."""
    return ((found - exact).abs() * spread).quantile(share)


def mean(found, spread, exact, share):
    """It takes the mean of the errors."""
    return ((found - exact).abs() / spread).mean()


def outside(found, spread, exact, share):
    """It takes the share that lies outside."""
    return ((found - exact).abs() / spread).quantile(1 - share)


def inverse(found, spread, exact, share):
    """It gives one over the factor."""
    return 1 / ((found - exact).abs() / spread).quantile(share)


def fixed_share(found, spread, exact, share):
    """400 values at a share of 0.9"""
    return ((found - exact).abs() / spread).quantile(0.75)
