"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def weights_of(scores, is_word):
    """No mistake: the weights of the words."""
    powers = scores.exp() * is_word
    return powers / powers.sum()


def moved(weights, labels, label):
    """No mistake: what each word did."""
    own = weights * (labels == label)
    without = (own.sum() - own) / (weights.sum() - weights)
    return (own.sum() / weights.sum()).log() - without.log()


def both(weights, matters, count):
    """No mistake: the words that both name, and those that either names."""
    heaviest = set(weights.argsort(descending=True)[:count].tolist())
    others = set(matters.argsort(descending=True)[:count].tolist())
    return len(heaviest & others), len(heaviest | others)


def all_places(scores, is_word, labels, label, count):
    """a place that is no word"""
    weights = scores.softmax(0)
    return both(weights, moved(weights, labels, label).abs(), count)[0] / count


def signed(scores, is_word, labels, label, count):
    """rank by size"""
    weights = weights_of(scores, is_word)
    return both(weights, moved(weights, labels, label), count)[0] / count


def counted(scores, is_word, labels, label, count):
    """It counts words"""
    weights = weights_of(scores, is_word)
    return both(weights, moved(weights, labels, label).abs(), count)[0]


def of_either(scores, is_word, labels, label, count):
    """that either names"""
    weights = weights_of(scores, is_word)
    named, either = both(weights, moved(weights, labels, label).abs(), count)
    return named / either


def of_places(scores, is_word, labels, label, count):
    """by the number of places"""
    return counted(scores, is_word, labels, label, count) / len(scores)


def least(scores, is_word, labels, label, count):
    """matters least"""
    weights = weights_of(scores, is_word)
    matters = -moved(weights, labels, label).abs()
    return both(weights, matters.where(is_word, -9), count)[0] / count
