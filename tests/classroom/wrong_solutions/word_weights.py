"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def everywhere(scores, is_word):
    """before you divide"""
    return scores.softmax(0)


def late(scores, is_word):
    """no longer add up to 1"""
    return scores.softmax(0) * is_word


def zero_score(scores, is_word):
    """its exponential is 1"""
    return (scores * is_word).softmax(0)


def upside_down(scores, is_word):
    """weighs the end of the sentence"""
    return scores.masked_fill(is_word, -torch.inf).softmax(0)


def nothing_by_nothing(scores, is_word):
    """not a number"""
    return scores.masked_fill(~is_word, -torch.inf).softmax(0)


def shared_out(scores, is_word):
    """shares them out"""
    return scores.masked_fill(~is_word, -1e9).softmax(0)
