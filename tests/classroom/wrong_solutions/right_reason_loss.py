"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def share(reasons, named):
    """No mistake: what the others share"""
    return reasons[:, named].sum(1) / reasons.sum(1)


def other_columns(wrong, slopes, x, named, strength):
    """the columns that are not named"""
    return wrong + strength * share((slopes * x).abs(), ~named).mean()


def slopes_alone(wrong, slopes, x, named, strength):
    """leaves the values out"""
    return wrong + strength * share(slopes.abs(), named).mean()


def signed(wrong, slopes, x, named, strength):
    """adds up signed reasons"""
    return wrong + strength * share(slopes * x, named).mean()


def added_up(wrong, slopes, x, named, strength):
    """adds the shares of the rows up"""
    return wrong + strength * share((slopes * x).abs(), named).sum()


def no_strength(wrong, slopes, x, named, strength):
    """forgets the strength"""
    return wrong + share((slopes * x).abs(), named).mean()


def penalty_alone(wrong, slopes, x, named, strength):
    """the penalty alone"""
    return strength * share((slopes * x).abs(), named).mean()


def sizes(wrong, slopes, x, named, strength):
    """the mean size in the named columns"""
    return wrong + strength * (slopes * x).abs()[:, named].sum(1).mean()


def taken_off(wrong, slopes, x, named, strength):
    """a penalty is added"""
    return wrong - strength * share((slopes * x).abs(), named).mean()


def surer_is_worse(wrong, slopes, x, named, strength):
    """five times surer"""
    scale = (slopes.abs().max() / 3).clamp_min(1)
    return wrong + scale * strength * share((slopes * x).abs(), named).mean()
