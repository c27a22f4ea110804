"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def last(fires, answers):
    """It takes the last rule that fires"""
    n = fires.shape[1]
    found = n - 1 - fires.flip(1).long().argmax(1)
    return answers[torch.where(fires.any(1), found, n)]


def first_rule(fires, answers):
    """Where no rule fires, it takes the first rule"""
    return answers[fires.long().argmax(1)]


def place(fires, answers):
    """It gives the place of the rule"""
    always = torch.ones(len(fires), 1, dtype=torch.bool)
    return torch.cat([fires, always], 1).long().argmax(1)


def added(fires, answers):
    """It adds the answers of all rules"""
    return fires.long() @ answers[:-1]


def left_out(fires, answers):
    """It leaves the rows out"""
    return answers[fires[fires.any(1)].long().argmax(1)]
