"""The usual mistakes about a lift; each is answered by the words in its docstring."""


def the_mass(attention, mask):
    """It is the mass inside"""
    return attention[mask].sum() / attention.sum()


def the_mean_inside(attention, mask):
    """divides by the number of pixels inside"""
    return attention[mask].sum() / mask.sum()


def inside_against_outside(attention, mask):
    """compares the mean inside with the mean outside"""
    return attention[mask].mean() / attention[~mask].mean()


def the_odds(attention, mask):
    """the mass inside by the mass outside"""
    return attention[mask].sum() / attention[~mask].sum()


def turned_over(attention, mask):
    """It is turned over"""
    return mask.float().mean() / attention[mask].sum()


def multiplied(attention, mask):
    """It multiplies by the share"""
    return attention[mask].sum() * mask.float().mean()


def not_a_share(attention, mask):
    """This map sums to 10"""
    return attention[mask].sum() / mask.float().mean()
