"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def moved(box, side):
    """without making it smaller"""
    left, top, width, height = box
    left, top = max(left, 0), max(top, 0)
    return [left, top, min(width, side - left), min(height, side - top)]


def two_edges(box, side):
    """reach over the other edges"""
    left, top, width, height = box
    return [max(left, 0), max(top, 0), width + min(left, 0), height + min(top, 0)]


def corners(box, side):
    """Give width and height"""
    left, top, width, height = box
    return [max(left, 0), max(top, 0), min(left + width, side), min(top + height, side)]


def as_it_came(box, side):
    """the box as it came"""
    return box


def at_the_edge(box, side):
    """has no pixel inside"""
    left, top, width, height = box
    right, bottom = min(left + width, side), min(top + height, side)
    left, top = max(left, 0), max(top, 0)
    return [left, top, right - left, bottom - top]


def pushed(box, side):
    """pushes a box that lies outside"""
    left, top, width, height = box
    right, bottom = min(left + width, side), min(top + height, side)
    left, top = min(max(left, 0), side - 1), min(max(top, 0), side - 1)
    return [left, top, max(right - left, 1), max(bottom - top, 1)]
