"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def unknown_shares(shares, known):
    """No mistake: what the others share"""
    return shares * ~known


def heaviest_of_all(shares, known):
    """names the heaviest column of all"""
    heaviest = int(shares.argmax())
    return heaviest if shares[heaviest] >= 3 / len(shares) else -1


def share(shares, known):
    """Give the number of the column"""
    most = unknown_shares(shares, known).max()
    return most if most >= 3 / len(shares) else -1


def lightest(shares, known):
    """the lightest of the unknown columns"""
    return int(shares.masked_fill(known, 2).argmin())


def among_the_unknown(shares, known):
    """Give the place in the whole table"""
    return int(shares[~known].argmax())


def three(shares, known):
    """It says that there is no fault"""
    heavy = unknown_shares(shares, known)
    return int(heavy.argmax()) if heavy.max() >= 3 else -1


def however_light(shares, known):
    """however light it is"""
    return int(unknown_shares(shares, known).argmax())


def first_column(shares, known):
    """it names the first column"""
    heavy = unknown_shares(shares, known)
    return int((heavy * (heavy >= 3 / len(shares))).argmax())


def more_than(shares, known):
    """at least, not more than"""
    heavy = unknown_shares(shares, known)
    return int(heavy.argmax()) if heavy.max() > 3 / len(shares) else -1


def from_the_right(shares, known):
    """at the mirrored place"""
    heavy = unknown_shares(shares, known)
    if heavy.max() < 3 / len(shares):
        return -1
    return min(int(heavy.argmax()), 5)
