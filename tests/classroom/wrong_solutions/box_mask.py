"""The usual mistakes about a box; each is answered by the words in its docstring."""

import torch


def marked(rows, columns, side):
    """No mistake: what the mistakes share."""
    mask = torch.zeros(side, side, dtype=torch.bool)
    mask[rows, columns] = True
    return mask


def with_its_end(box, side):
    """It includes the pixels at right and bottom"""
    left, top, right, bottom = box.tolist()
    return marked(slice(top, bottom + 1), slice(left, right + 1), side)


def turned_over(box, side):
    """It is turned over"""
    left, top, right, bottom = box.tolist()
    return marked(slice(left, right), slice(top, bottom), side)


def width_and_height(box, side):
    """It reads right and bottom as width and height"""
    left, top, width, height = box.tolist()
    return marked(slice(top, top + height), slice(left, left + width), side)


def the_outside(box, side):
    """It marks what is outside"""
    left, top, right, bottom = box.tolist()
    return ~marked(slice(top, bottom), slice(left, right), side)
