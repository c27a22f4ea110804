"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def squares(row, neighbours):
    """No mistake: what the others share"""
    return (neighbours - row).square().sum(1)


def unsquared(row, neighbours, width):
    """The distance is not squared"""
    return (-squares(row, neighbours).sqrt() / (2 * width)).exp()


def flat_width(row, neighbours, width):
    """The distance is squared, the width is not"""
    return (-squares(row, neighbours) / (2 * width)).exp()


def without_two(row, neighbours, width):
    """The 2 below the line is missing"""
    return (-squares(row, neighbours) / width**2).exp()


def two_squared(row, neighbours, width):
    """The 2 below the line is not squared"""
    return (-squares(row, neighbours) / (2 * width) ** 2).exp()


def grows(row, neighbours, width):
    """The sign is turned"""
    return (squares(row, neighbours) / (2 * width**2)).exp()


def city_blocks(row, neighbours, width):
    """That adds up the sizes of the steps"""
    return (-((neighbours - row).abs().sum(1) ** 2) / (2 * width**2)).exp()


def by_column(row, neighbours, width):
    """It weighs each column of a neighbour"""
    return (-((neighbours - row).square()) / (2 * width**2)).exp()


def normed(row, neighbours, width):
    """The weights need not sum to 1"""
    return (-squares(row, neighbours) / (2 * width**2)).softmax(0)


def from_nought(row, neighbours, width):
    """only distances count"""
    return (-squares(0, neighbours) / (2 * width**2)).exp()


def mean_of_two(row, neighbours, width):
    """It is right for two columns alone"""
    return (-(neighbours - row).square().mean(1) / width**2).exp()


def without_width(row, neighbours, width):
    """It is right for one width alone: the width is missing"""
    return (-squares(row, neighbours) / 200).exp()


def width_of_ten(row, neighbours, width):
    """It is right for one width alone: square the width"""
    return (-squares(row, neighbours) / (20 * width)).exp()
