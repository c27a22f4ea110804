"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def turned(approved, group):
    """takes the group's share first"""
    yes = approved.double()
    return yes[group].mean() - yes[~group].mean()


def counts(approved, group):
    """counts people"""
    return approved[~group].sum() - approved[group].sum()


def by_all(approved, group):
    """divides by everybody"""
    return (approved[~group].sum() - approved[group].sum()) / len(group)


def beside_all(approved, group):
    """compares the group with everybody"""
    return approved.double().mean() - approved[group].double().mean()


def size(approved, group):
    """the gap keeps its sign"""
    yes = approved.double()
    return (yes[~group].mean() - yes[group].mean()).abs()


def first_rows(approved, group):
    """The mask says who is in the group"""
    return approved[:4].double().mean() - approved[4:].double().mean()


def fixed_numbers(approved, group):
    """Count the people of each side"""
    return (approved & ~group).sum() / 4 - (approved & group).sum() / 6
