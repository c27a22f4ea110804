"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def slopes_only(slopes, x, marked):
    """leaves the ink out"""
    sizes = slopes.abs()
    return ((sizes * marked).sum(1) / sizes.sum(1)).mean()


def signed(slopes, x, marked):
    """pushes up and down cancel"""
    parts = slopes * x
    return ((parts * marked).sum(1) / parts.sum(1)).mean()


def of_sums(slopes, x, marked):
    """a row with large reasons counts for more"""
    sizes = (slopes * x).abs()
    return (sizes * marked).sum() / sizes.sum()


def added(slopes, x, marked):
    """Take their mean"""
    sizes = (slopes * x).abs()
    return ((sizes * marked).sum(1) / sizes.sum(1)).sum()


def sizes_above(slopes, x, marked):
    """sizes above the line only"""
    parts = slopes * x
    return ((parts.abs() * marked).sum(1) / parts.sum(1)).mean()


def sizes_below(slopes, x, marked):
    """sizes below the line only"""
    parts = slopes * x
    return ((parts * marked).sum(1) / parts.abs().sum(1)).mean()


def row_by_row(slopes, x, marked):
    """the share of each row"""
    sizes = (slopes * x).abs()
    return (sizes * marked).sum(1) / sizes.sum(1)


def signed_row_by_row(slopes, x, marked):
    """signed shares, one for each row"""
    parts = slopes * x
    return (parts * marked).sum(1) / parts.sum(1)


def squared(slopes, x, marked):
    """one strong pixel hides the others"""
    sizes = (slopes * x) ** 2
    return ((sizes * marked).sum(1) / sizes.sum(1)).mean()
