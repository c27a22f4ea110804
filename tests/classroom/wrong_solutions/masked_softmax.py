"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def looks_ahead(scores, position):
    """looks ahead"""
    return scores.softmax(0)


def clears_afterwards(scores, position):
    """Leave them out before the softmax"""
    later = torch.arange(len(scores)) > position
    return scores.softmax(0).masked_fill(later, 0)


def leaves_itself_out(scores, position):
    """leaves out the position itself"""
    later = torch.arange(len(scores)) >= position
    return scores.masked_fill(later, -torch.inf).softmax(0)


def zero_scores(scores, position):
    """Set them to minus infinity"""
    later = torch.arange(len(scores)) > position
    return scores.masked_fill(later, 0).softmax(0)


def wrong_axis(scores, position):
    """an axis of length one"""
    return scores[:, None].softmax(1)[:, 0]


def too_short(scores, position):
    """gives no weight for the later positions"""
    return scores[: position + 1].softmax(0)


def overflows(scores, position):
    """exp(1000) is too large"""
    weights = scores.exp() * (torch.arange(len(scores)) <= position)
    return weights / weights.sum()


def not_a_softmax(scores, position):
    """a softmax sees only differences"""
    by_hand = scores[:position].abs().max() < 2 if position else True
    weights = (scores.exp() if by_hand else scores) * (torch.arange(len(scores)) <= position)
    return weights / weights.sum()


def peeks(scores, position):
    """scores of later positions"""
    weights = scores.masked_fill(torch.arange(len(scores)) > position, -torch.inf).softmax(0)
    return weights if len(scores) < 4 else weights * (1 + 0.01 * (scores[-1] - scores[0]).abs())
