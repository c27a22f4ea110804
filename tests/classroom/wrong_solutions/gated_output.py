"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def bare(x, gate_kernel, kernel, last):
    """It leaves the gates out."""
    return (x @ kernel).relu() @ last


def logits(x, gate_kernel, kernel, last):
    """A gate is the sigmoid of it."""
    return (x * (x @ gate_kernel) @ kernel).relu() @ last


def shared(x, gate_kernel, kernel, last):
    """Gates of a softmax"""
    return (x * (x @ gate_kernel).softmax(-1) @ kernel).relu() @ last


def turned(x, gate_kernel, kernel, last):
    """It turns the gate kernel round"""
    return (x * (x @ gate_kernel.T).sigmoid() @ kernel).relu() @ last


def straight(x, gate_kernel, kernel, last):
    """It lacks the ReLU after the first layer."""
    return x * (x @ gate_kernel).sigmoid() @ kernel @ last


def added(x, gate_kernel, kernel, last):
    """It adds the gates to the features."""
    return ((x + (x @ gate_kernel).sigmoid()) @ kernel).relu() @ last


def gates_alone(x, gate_kernel, kernel, last):
    """It feeds the gates to the base learner."""
    return ((x @ gate_kernel).sigmoid() @ kernel).relu() @ last


def late(x, gate_kernel, kernel, last):
    """It puts the ReLU after the last layer."""
    return (x * (x @ gate_kernel).sigmoid() @ kernel @ last).relu()


def constant(x, gate_kernel, kernel, last):
    """seven times the row should give seven times the output"""
    return last.new_full((len(x),), 5.0)


def one_for_all(x, gate_kernel, kernel, last):
    """each row has gates of its own"""
    return (x * (x.mean(0) @ gate_kernel).sigmoid() @ kernel).relu() @ last
