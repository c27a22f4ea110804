"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def kernel_alone(gates, kernel):
    """It leaves the gates out."""
    return kernel.norm(dim=1)


def gates_alone(gates, kernel):
    """It leaves the kernel out."""
    return gates.mean(0)


def signed(gates, kernel):
    """It adds weights up with their signs."""
    return gates.mean(0) * kernel.sum(1)


def sizes(gates, kernel):
    """It adds sizes up."""
    return gates.mean(0) * kernel.abs().sum(1)


def squares(gates, kernel):
    """It forgets the root"""
    return gates.mean(0) * kernel.square().sum(1)


def over_features(gates, kernel):
    """It takes lengths over features."""
    return gates.mean(0) * kernel.norm(dim=0)


def summed(gates, kernel):
    """It adds the rows up."""
    return gates.sum(0) * kernel.norm(dim=1)


def by_row(gates, kernel):
    """It gives a number for each row."""
    return gates * kernel.norm(dim=1)


def clamped(gates, kernel):
    """half the gates and twice the kernel should give the same"""
    return gates.mean(0) * kernel.norm(dim=1).clamp(max=5.0)
