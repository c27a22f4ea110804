"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def _gini(n, p):
    """No mistake: what the mistakes need."""
    return 2 * p * (n - p) / n


def _gain(n, p, a, q):
    """No mistake: what the mistakes need."""
    return _gini(n, p) - _gini(a, q) - _gini(n - a, p - q)


def no_weight(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It leaves the weight out."""
    return _gain(n_rows, n_ones, rows_above, ones_above)


def no_power(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It takes the weight as it is"""
    return _gain(n_rows, n_ones, rows_above, ones_above) * weight


def times_strength(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It multiplies the weight by the strength"""
    return _gain(n_rows, n_ones, rows_above, ones_above) * weight * strength


def added(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It adds the weight's power"""
    return _gain(n_rows, n_ones, rows_above, ones_above) + weight**strength


def one_side(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It forgets the rows on the other side"""
    return (_gini(n_rows, n_ones) - _gini(rows_above, ones_above)) * weight**strength


def left_over(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It gives the impurity that is left."""
    below = _gini(n_rows - rows_above, n_ones - ones_above)
    return (_gini(rows_above, ones_above) + below) * weight**strength


def no_two(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It forgets the 2"""
    return _gain(n_rows, n_ones, rows_above, ones_above) / 2 * weight**strength


def shares(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It counts shares of rows"""
    below, ones_below = n_rows - rows_above, n_ones - ones_above
    whole = _gini(n_rows, n_ones) / n_rows
    sides = _gini(rows_above, ones_above) / rows_above + _gini(below, ones_below) / below
    return (whole - sides) * weight**strength


def per_row(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It gives the gain of one row."""
    return _gain(n_rows, n_ones, rows_above, ones_above) / n_rows * weight**strength


def always_root(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It takes the root whatever the strength."""
    return _gain(n_rows, n_ones, rows_above, ones_above) * weight**0.5


def balanced_node(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It takes half of the node's rows for ones."""
    sides = _gini(rows_above, ones_above) + _gini(n_rows - rows_above, n_ones - ones_above)
    return (n_rows / 2 - sides) * weight**strength


def balanced_below(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It takes half of the rows, not n_ones"""
    sides = _gini(rows_above, ones_above) + _gini(n_rows - rows_above, n_rows / 2 - ones_above)
    return (_gini(n_rows, n_ones) - sides) * weight**strength


def only_where_ones_gather(n_rows, n_ones, rows_above, ones_above, weight, strength):
    """It gives nothing where ones are fewer above."""
    found = _gain(n_rows, n_ones, rows_above, ones_above) * weight**strength
    return found if ones_above > rows_above / 2 else 0.0
