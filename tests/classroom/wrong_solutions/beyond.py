"""The usual mistakes about a partial correlation; each is answered by its docstring's words."""


def not_divided(ab, ac, bc):
    """It is what is left before dividing"""
    return ab - ac * bc


def subtracted(ab, ac, bc):
    """It subtracts the two correlations"""
    return (ab - ac - bc) / ((1 - ac**2) * (1 - bc**2)).sqrt()


def not_squared(ab, ac, bc):
    """It forgets the squares"""
    return (ab - ac * bc) / ((1 - ac) * (1 - bc)).sqrt()


def without_the_root(ab, ac, bc):
    """It forgets the root"""
    return (ab - ac * bc) / ((1 - ac**2) * (1 - bc**2))


def added(ab, ac, bc):
    """It adds the product"""
    return (ab + ac * bc) / ((1 - ac**2) * (1 - bc**2)).sqrt()


def one_side_only(ab, ac, bc):
    """what c leaves of a alone"""
    return (ab - ac * bc) / (1 - ac**2).sqrt()


def added_below(ab, ac, bc):
    """It adds below the line"""
    return (ab - ac * bc) / ((1 - ac**2) + (1 - bc**2)).sqrt()
