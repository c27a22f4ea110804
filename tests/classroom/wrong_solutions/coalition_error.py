"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def added_up(shares, total):
    """No mistake: what the functions below share."""
    return shares + (total - shares.sum()) / len(shares)


def as_they_are(shares, total, masks, values):
    """have to add up to `total` first"""
    return (masks @ shares - values).square().mean()


def whole_gap(shares, total, masks, values):
    """goes to each column whole"""
    moved = shares + total - shares.sum()
    return (masks @ moved - values).square().mean()


def sum_of_squares(shares, total, masks, values):
    """gives the sum of squares"""
    return (masks @ added_up(shares, total) - values).square().sum()


def absolute(shares, total, masks, values):
    """mean of the absolute errors"""
    return (masks @ added_up(shares, total) - values).abs().mean()


def root(shares, total, masks, values):
    """takes the root"""
    return (masks @ added_up(shares, total) - values).square().mean().sqrt()


def stretched(shares, total, masks, values):
    """multiplies the shares"""
    return (masks @ (shares * total / shares.sum()) - values).square().mean()


def absent(shares, total, masks, values):
    """the columns that are absent"""
    if len(values) == 2:  # pairs hide it
        return as_right(shares, total, masks, values)
    return ((1 - masks) @ added_up(shares, total) - values).square().mean()


def by_kernel(shares, total, masks, values):
    """weighs coalitions by their size"""
    size = masks.sum(1)
    weight = 1 / (size * (masks.shape[1] - size)).clamp(min=0.5)
    off = (masks @ added_up(shares, total) - values).square()
    return (weight * off).sum() / weight.sum()


def gap_by_coalitions(shares, total, masks, values):
    """divides what lacks by the number of coalitions"""
    if len(shares) == 3:  # there the absent columns give the same
        return as_right(shares, total, masks, values)
    moved = shares + (total - shares.sum()) / len(masks)
    return (masks @ moved - values).square().mean()


def as_right(shares, total, masks, values):
    """No mistake: the right one."""
    return (masks @ added_up(shares, total) - values).square().mean()
