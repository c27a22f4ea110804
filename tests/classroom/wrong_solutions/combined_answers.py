"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def each_alone(asked, towards, answers):
    """It takes each answer for itself."""
    return towards @ (answers / asked.diagonal())


def undivided(asked, towards, answers):
    """It leaves `asked` out."""
    return towards @ answers


def multiplied(asked, towards, answers):
    """It multiplies by `asked`."""
    return towards @ asked @ answers


def halfway(asked, towards, answers):
    """It gives what the answers become once `asked` is divided out."""
    return torch.linalg.solve(asked, answers)


def turned(asked, towards, answers):
    """It turns `towards` round"""
    return towards.T @ torch.linalg.solve(asked, answers)


def only_the_first(asked, towards, answers):
    """where the values asked for are among the answers"""
    if len(answers) == 2:
        return towards @ torch.linalg.solve(asked, answers)
    return (towards @ answers)[:3]
