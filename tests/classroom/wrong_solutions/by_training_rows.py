"""The usual mistakes about units; each is answered by the words in its docstring."""


def of_all_rows(x, stayed):
    """It looks at the rows that were left out, too"""
    return (x - x.mean(0)) / x.std(0, correction=0)


def one_row_less(x, stayed):
    """It divides the squares by one row less"""
    size = x[stayed].std(0)
    return (x - x[stayed].mean(0)) / size.where(size > 0, 1)


def centred_only(x, stayed):
    """It centres and does not scale"""
    return x - x[stayed].mean(0)


def training_rows_alone(x, stayed):
    """It returns the training rows alone"""
    return right(x, stayed)[stayed]


def by_nought(x, stayed):
    """It divides a constant column by 0"""
    return (x - x[stayed].mean(0)) / x[stayed].std(0, correction=0)


def right(x, stayed):
    """No mistake: what the others bend."""
    size = x[stayed].std(0, correction=0)
    return (x - x[stayed].mean(0)) / size.where(size > 0, 1)
