"""The usual mistakes about stable orders; each is answered by the words in its docstring."""

import torch


def of_values(importances):
    """It correlates values"""
    return mean_of_pairs(torch.corrcoef(importances))


def with_itself(importances):
    """It counts each draw beside itself"""
    return torch.corrcoef(ranks(importances)).mean()


def the_sum(importances):
    """It adds the pairs up"""
    n = len(importances)
    return torch.corrcoef(ranks(importances)).triu(1).sum() if n > 1 else 0


def beside_the_first(importances):
    """It compares each draw with the first one only"""
    return torch.corrcoef(ranks(importances))[0, 1:].mean()


def without_sign(importances):
    """Orders that are reversed disagree"""
    return mean_of_pairs(torch.corrcoef(ranks(importances))).abs()


def places(importances):
    """`argsort` gives places, not ranks"""
    return mean_of_pairs(torch.corrcoef(importances.argsort(-1).double()))


def ranks(values):
    """No mistake: the rank of each value in its row."""
    return values.argsort(-1).argsort(-1).double()


def mean_of_pairs(matrix):
    """No mistake: the mean above the diagonal."""
    one, other = torch.triu_indices(len(matrix), len(matrix), 1)
    return matrix[one, other].mean()
