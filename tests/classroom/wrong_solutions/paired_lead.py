"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def unpaired(ours, theirs):
    """It takes the two methods apart."""
    wide = (ours.var() / len(ours) + theirs.var() / len(theirs)).sqrt()
    return torch.stack([ours.mean() - theirs.mean(), wide])


def deviation(ours, theirs):
    """It gives the standard deviation of the leads."""
    return torch.stack([(ours - theirs).mean(), (ours - theirs).std()])


def by_number(ours, theirs):
    """It divides by the number of teachers"""
    return torch.stack([(ours - theirs).mean(), (ours - theirs).std() / len(ours)])


def whole_population(ours, theirs):
    """It divides the sum of squares by n."""
    lead = ours - theirs
    return torch.stack([lead.mean(), lead.std(correction=0) / len(ours) ** 0.5])


def turned_round(ours, theirs):
    """It gives the lead of the other method."""
    lead = theirs - ours
    return torch.stack([lead.mean(), lead.std() / len(ours) ** 0.5])


def middle(ours, theirs):
    """It takes the median of the leads."""
    lead = ours - theirs
    return torch.stack([lead.quantile(0.5), lead.std() / len(lead) ** 0.5])


def sizes(ours, theirs):
    """It leaves out the sign of the leads."""
    lead = (ours - theirs).abs()
    return torch.stack([lead.mean(), lead.std() / len(lead) ** 0.5])


def root_of_three(ours, theirs):
    """It divides by the root of 3"""
    lead = ours - theirs
    return torch.stack([lead.mean(), lead.std() / 3**0.5])
