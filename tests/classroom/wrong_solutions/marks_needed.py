"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def _from(near):
    """No mistake: the first place from which on all is near, or -1."""
    for i in range(len(near)):
        if near[i:].all():
            return i
    return -1


def place(marks, accuracies, sound, within):
    """Give the number of marks"""
    return _from(accuracies >= sound - within)


def exact(marks, accuracies, sound, within):
    """asks for the sound accuracy itself"""
    i = _from(accuracies >= sound)
    return marks[i] if i >= 0 else -1


def first(marks, accuracies, sound, within):
    """The accuracy falls again"""
    near = accuracies >= sound - within
    return marks[near][0] if near.any() else -1


def last_miss(marks, accuracies, sound, within):
    """not the first of those that stay"""
    far = (accuracies < sound - within).nonzero()
    if accuracies[1] > accuracies[2]:
        return marks[far[-1]][0]
    return first(marks, accuracies, sound, within)


def always(marks, accuracies, sound, within):
    """No number of marks is enough here"""
    i = _from(accuracies >= sound - within)
    return marks[i]


def two_sided(marks, accuracies, sound, within):
    """Better than the sound one"""
    i = _from((accuracies - sound).abs() <= within - 1e-9 * (accuracies > sound))
    return marks[i] if i >= 0 else -1


def silent(marks, accuracies, sound, within):
    """A last `return -1` is missing"""
    i = _from(accuracies >= sound - within)
    if i >= 0:
        return marks[i]
