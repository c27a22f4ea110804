"""The usual mistakes about naming a rule; each is answered by the words in its docstring."""


def places(values):
    """No mistake: 0 for the largest."""
    return values.argsort(-1, descending=True).argsort(-1)


def by_sign(values, truth):
    """It ranks by sign"""
    led = places(values) < truth.sum(-1, keepdim=True)
    return (led == truth).all(-1).double().mean()


def two_columns(values, truth):
    """It takes as many columns in each run"""
    return ((places(values.abs()) < 2) == truth).all(-1).double().mean()


def among_two(values, truth):
    """It asks whether the rule is among more columns than it has"""
    return (~truth | (places(values.abs()) < 2)).all(-1).double().mean()


def columns_found(values, truth):
    """It counts columns found, not whole rules"""
    led = places(values.abs()) < truth.sum(-1, keepdim=True)
    return (led & truth).sum() / truth.sum()


def mean_share(values, truth):
    """It gives the mean share of each rule"""
    led = places(values.abs()) < truth.sum(-1, keepdim=True)
    return ((led & truth).sum(-1) / truth.sum(-1)).mean()


def the_first(values, truth):
    """It counts a run if its one largest column is in the rule"""
    return truth.gather(-1, values.abs().argmax(-1, keepdim=True)).double().mean()


def how_many(values, truth):
    """It returns how many"""
    led = places(values.abs()) < truth.sum(-1, keepdim=True)
    return (led == truth).all(-1).sum()
