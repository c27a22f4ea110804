"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def turned(advised, ill, threshold):
    """It turns the price round"""
    return (advised * (ill - (1 - threshold) / threshold * (1 - ill))).mean()


def even(advised, ill, threshold):
    """It lets a false alarm cost as much"""
    return (advised * (ill - (1 - ill))).mean()


def the_threshold(advised, ill, threshold):
    """It takes the threshold itself for the price"""
    return (advised * (ill - threshold * (1 - ill))).mean()


def per_ill(advised, ill, threshold):
    """It divides by the patients who are ill"""
    return (advised * (ill - threshold / (1 - threshold) * (1 - ill))).sum() / ill.sum()


def missed(advised, ill, threshold):
    """It charges for the ill who were missed"""
    price = threshold / (1 - threshold)
    return (advised * (ill - price * (1 - ill)) - (1 - advised) * ill).mean()


def added(advised, ill, threshold):
    """It does not divide by the number of patients"""
    return (advised * (ill - threshold / (1 - threshold) * (1 - ill))).sum()


def never_below(advised, ill, threshold):
    """Where all alarms are false it is below nought"""
    price = threshold / (1 - threshold)
    return (advised * (ill - price * (1 - ill))).mean().clamp_min(0)
