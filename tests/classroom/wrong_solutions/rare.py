"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import math


def all_words(present):
    """how often a word stands in all sentences"""
    return 1 - (present.sum(0) + 1).log() / math.log(len(present) + 1)


def common(present):
    """how common a word is"""
    return ((present > 0).sum(0) + 1).log() / math.log(len(present) + 1)


def share(present):
    """without the logarithms"""
    return 1 - (present > 0).double().mean(0)


def other_axis(present):
    """one number for each sentence"""
    return 1 - ((present > 0).sum(1) + 1).log() / math.log(present.shape[1] + 1)


def by_words(present):
    """the number of words"""
    return 1 - ((present > 0).sum(0) + 1).log() / math.log(present.shape[1] + 1)


def no_plus(present):
    """logarithm of 0 is not finite"""
    return 1 - (present > 0).sum(0).log() / math.log(len(present))
