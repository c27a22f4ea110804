"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def walked(weights, row, order, fill):
    """No mistake: what the others share"""
    left, said = row.clone(), [row @ weights]
    for column in order:
        left[column] = fill[column]
        said.append(left @ weights)
    return torch.stack(said)


def by_value(values):
    """No mistake: the right order"""
    return values.argsort(descending=True)


def blank(weights, row, values, fill):
    """Columns become 0"""
    return walked(weights, row, by_value(values), torch.zeros_like(fill))


def by_size(weights, row, values, fill):
    """Keep the signs"""
    return walked(weights, row, by_value(values.abs()), fill)


def lowest(weights, row, values, fill):
    """The lowest value goes first"""
    return walked(weights, row, values.argsort(), fill)


def one_at_a_time(weights, row, values, fill):
    """They should stay away"""
    order = by_value(values)
    alone = [walked(weights, row, [column], fill)[1] for column in order]
    return torch.stack([row @ weights, *alone])


def without_the_row(weights, row, values, fill):
    """The untouched row is missing"""
    return walked(weights, row, by_value(values), fill)[1:]


def inserted(weights, row, values, fill):
    """That is insertion"""
    return walked(weights, fill, by_value(values), row)


def in_table_order(weights, row, values, fill):
    """Columns go in the order of the table"""
    return walked(weights, row, range(len(row)), fill)


def first_then_table(weights, row, values, fill):
    """After the first, columns go in the order of the table"""
    first = int(values.argmax())
    rest = [column for column in range(len(row)) if column != first]
    return walked(weights, row, [first, *rest], fill)


def first_then_smallest(weights, row, values, fill):
    """After the first, columns go by their size, smallest first"""
    first = int(values.argmax())
    rest = [column for column in values.abs().argsort().tolist() if column != first]
    return walked(weights, row, [first, *rest], fill)


def four_steps(weights, row, values, fill):
    """six columns should give seven numbers"""
    return walked(weights, row, by_value(values)[:4], fill)
