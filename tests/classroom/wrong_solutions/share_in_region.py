"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def sizes_inside_alone(values, region):
    """divides sizes by a signed sum"""
    return values[region].abs().sum() / values.sum()


def signed(values, region):
    """pushes up and down cancel. Take"""
    return values[region].sum() / values.sum()


def mean_inside(values, region):
    """a small region looks as good"""
    return values[region].abs().mean() / values.abs().sum()


def area(values, region):
    """what an even map gets"""
    return region.float().mean()


def outside(values, region):
    """the mass outside the region"""
    return values[~region].abs().sum() / values.abs().sum()


def not_a_share(values, region):
    """Divide by the mass of all columns"""
    return values[region].abs().sum()


def ups_only(values, region):
    """leaves out the pushes down"""
    ups = values.clamp(min=0)
    return ups[region].sum() / ups.sum()


def capped(values, region):
    """tripling all values"""
    sizes = values.abs().clamp(max=6)
    return sizes[region].sum() / sizes.sum()
