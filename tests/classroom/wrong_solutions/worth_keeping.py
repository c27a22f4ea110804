"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""

import torch


def said(fires, answers):
    """No mistake: what a rule list answers."""
    always = torch.ones(len(fires), 1, dtype=torch.bool)
    return answers[torch.cat([fires, always], 1).long().argmax(1)]


def front(fidelity):
    """No mistake: the front over lengths 0, 1, ..."""
    length = torch.arange(len(fidelity))
    longer, better = length[None] - length[:, None], fidelity[None] - fidelity[:, None]
    return ~((longer <= 0) & (better >= 0) & ((longer < 0) | (better > 0))).any(1)


def fidelities(fires, answers, model):
    """No mistake: the fidelity of each length."""
    kept = [torch.cat([answers[:k], answers[-1:]]) for k in range(len(answers))]
    right = [said(fires[:, : len(own) - 1], own) == model for own in kept]
    return torch.stack([each.double().mean() for each in right])


def next_answer(fires, answers, model):
    """the next rule's answer"""
    lists = [(fires[:, :k], answers[: k + 1]) for k in range(len(answers))]
    return front(torch.stack([(said(*each) == model).double().mean() for each in lists]))


def last_rules(fires, answers, model):
    """It keeps the last rules"""
    n = fires.shape[1]
    lists = [(fires[:, n - k :], answers[n - k :]) for k in range(n + 1)]
    return front(torch.stack([(said(*each) == model).double().mean() for each in lists]))


def wrong_rows(fires, answers, model):
    """the share of wrong rows"""
    return front(1 - fidelities(fires, answers, model))


def best_alone(fires, answers, model):
    """the most faithful list alone"""
    found = fidelities(fires, answers, model)
    return found == found.max()


def helped(fires, answers, model):
    """whether the last rule helped"""
    found = fidelities(fires, answers, model)
    return torch.cat([torch.tensor([True]), found[1:] > found[:-1]])


def without_else(fires, answers, model):
    """The list without any rule"""
    return front(fidelities(fires, answers, model)[1:])
