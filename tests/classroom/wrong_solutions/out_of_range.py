"""The usual mistakes about ranges; each is answered by the words in its docstring."""


def blind_to_nan(rows, low, high):
    """A value that is no number (NaN) is not inside"""
    return (rows < low) | (rows > high)


def greatest_only(rows, low, high):
    """It looks at the greatest only"""
    return rows > high


def inside(rows, low, high):
    """It marks the values that are inside"""
    return (rows >= low) & (rows <= high)


def by_run(rows, low, high):
    """It gives one answer for each run"""
    return (~((rows >= low) & (rows <= high))).any(-1)


def least_is_out(rows, low, high):
    """The least value of training was seen there"""
    return ~((rows > low) & (rows <= high))


def greatest_is_out(rows, low, high):
    """The greatest value of training was seen there"""
    return ~((rows >= low) & (rows < high))
