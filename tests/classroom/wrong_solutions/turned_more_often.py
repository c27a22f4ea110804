"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def _turned(log_odds, without):
    """No mistake, a helper."""
    return ((without > 0) != (log_odds > 0)[:, None]).float()


def _at(turned, step):
    """No mistake, a helper."""
    return turned.gather(1, step[:, None]).mean()


def alone(log_odds, without, weights):
    """It gives the share for the heaviest step alone"""
    return _at(_turned(log_odds, without), weights.argmax(1))


def average(log_odds, without, weights):
    """It gives the average step alone"""
    return _turned(log_odds, without).mean()


def lightest(log_odds, without, weights):
    """It takes the lightest step"""
    turned = _turned(log_odds, without)
    return _at(turned, weights.argmin(1)) - turned.mean()


def best(log_odds, without, weights):
    """It compares with the best step"""
    turned = _turned(log_odds, without)
    return _at(turned, weights.argmax(1)) - turned.amax(1).mean()


def wrong_way(log_odds, without, weights):
    """the wrong way round"""
    turned = _turned(log_odds, without)
    return turned.mean() - _at(turned, weights.argmax(1))


def only_right(log_odds, without, weights):
    """It counts only pushes to the right that turn"""
    turned = ((without <= 0) & (log_odds > 0)[:, None]).float()
    return _at(turned, weights.argmax(1)) - turned.mean()


def below(log_odds, without, weights):
    """It asks for a log-odds below 0"""
    turned = (without < 0).float()
    return _at(turned, weights.argmax(1)) - turned.mean()
