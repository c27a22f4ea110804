"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def _more(values):
    """No mistake, a helper."""
    return values[None, :] > values[:, None]


def turned(values, yes):
    """It counts pairs in which more turns a no into a yes"""
    return (_more(values) & ~yes[:, None] & yes[None, :]).sum()


def neighbours(values, yes):
    """It looks at neighbours"""
    told = yes[values.argsort()]
    return (told[:-1] & ~told[1:]).sum()


def rows(values, yes):
    """It counts rows, not pairs"""
    return (_more(values) & yes[:, None] & ~yes[None, :]).any(0).sum()


def twice(values, yes):
    """It counts each pair twice"""
    return 2 * (_more(values) & yes[:, None] & ~yes[None, :]).sum()


def as_they_lie(values, yes):
    """It takes rows as they lie"""
    later = torch.ones(len(yes), len(yes)).triu(1).bool()
    return (later & yes[:, None] & ~yes[None, :]).sum()


def same_value(values, yes):
    """It counts two rows of the same value"""
    return ((values[None, :] >= values[:, None]) & yes[:, None] & ~yes[None, :]).sum()


def any_change(values, yes):
    """It counts every pair with two answers"""
    return (_more(values) & (yes[:, None] != yes[None, :])).sum()
