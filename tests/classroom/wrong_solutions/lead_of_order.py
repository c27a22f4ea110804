"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def _stands(answers):
    """No mistake, a helper."""
    return (answers == answers[..., -1:]).float()


def one_number(answers, lots):
    """It takes the mean over rows."""
    return (_stands(answers).mean(-1) - _stands(lots).mean(-1).mean(0)).mean()


def no_lots(answers, lots):
    """It forgets the random orders."""
    return _stands(answers).mean(-1)


def steps(answers, lots):
    """It counts steps. Give shares of them."""
    return _stands(answers).sum(-1) - _stands(lots).sum(-1).mean(0)


def first_draw(answers, lots):
    """It takes the first draw alone."""
    return _stands(answers).mean(-1) - _stands(lots)[0].mean(-1)


def added(answers, lots):
    """It adds the draws. Take their mean."""
    return _stands(answers).mean(-1) - _stands(lots).mean(-1).sum(0)


def turned(answers, lots):
    """It gives random less order."""
    return _stands(lots).mean(-1).mean(0) - _stands(answers).mean(-1)


def by_the_first(answers, lots):
    """It compares with the first answer."""
    stands, by_lot = ((each == each[..., :1]).float().mean(-1) for each in (answers, lots))
    return stands - by_lot.mean(0)


def at_the_end(answers, lots):
    """Count every step at which it stands."""
    stands, by_lot = (_stands(each).flip(-1).cumprod(-1).mean(-1) for each in (answers, lots))
    return stands - by_lot.mean(0)
