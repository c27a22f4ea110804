"""The exercises on learning to learn: a step, the gradient through it, and what a start saves.

Each truth was worked out by hand. Chapter: book/concepts/learning_to_learn.ipynb.
"""

from math import inf

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def inner_step(trial: Trial) -> None:
    """Move `weights` `(d,)` of a linear model one step down the mean squared error of a task."""
    weights, x = torch.tensor([1.0, 0.0]), torch.tensor([[1.0, 2.0], [3.0, 0.0]])
    y = torch.tensor([0.0, 1.0])
    trial.truth(
        [0.3, -0.2],
        weights,
        x,
        y,
        0.1,
        usual={
            "It climbs: the error grows. A step goes against the gradient.": [1.7, 0.2],
            "It adds the rows up. The loss is their mean, or more shots would mean longer steps.": [
                -0.4,
                -0.4,
            ],
            "The 2 is missing that comes down when a square is differentiated.": [0.65, -0.1],
            "It goes the whole gradient. Multiply it by `inner_lr`.": [-6, -2],
            "That is the gradient. The answer is where the weights are after the step.": [7, 2],
            "That is the move alone. Add it to the weights.": [-0.7, -0.2],
        },
    )
    trial.truth([1, 0], weights, x, y, 0.0, usual={})
    drawn = torch.randn(4, 3, generator=seeded(0))
    trial.promise(
        close(trial(drawn[0], drawn[1:], drawn[1:] @ drawn[0], 0.3), drawn[0].double()),
        "where the weights fit all rows, a step should leave them as they are.",
    )


@exercise(difficulty=3, minutes=15)
def meta_gradient(trial: Trial) -> None:
    """Give the second-order gradient of the start, for tasks `(w - goal)**2` and one inner step."""
    start, goals = torch.tensor(1.0), torch.tensor([2.0, 6.0])
    trial.truth(
        -3.84,
        start,
        goals,
        0.1,
        usual={
            "That is first order: it forgets that where a step ends depends on the start.": -4.8,
            "That is the gradient at the start, without any inner step: the pooled one.": -6,
            "It adds the tasks up. Take the mean.": -7.68,
            "The sign is turned: the start should move towards the goals.": 3.84,
            "The inner step is too short: the gradient of (w - goal)**2 has a factor of 2.": -4.86,
            "That is the mean loss after the step. Its derivative by the start is asked for.": 8.32,
        },
    )
    drawn = torch.randn(5, generator=seeded(0))
    trial.promise(
        trial(drawn.mean(), drawn, 0.1).abs() < 1e-5,
        "for such tasks the mean of the goals is the best start: there the gradient should be 0.",
    )
    trial.promise(
        trial(start, drawn, 0.5).abs() < 1e-5,
        "a step of 0.5 lands on the goal from anywhere, so that no start is better than another: "
        "there the gradient should be 0.",
    )


@exercise(difficulty=2, minutes=10)
def shots_to(trial: Trial) -> None:
    """Give after how many `shots` the `errors` first fall to `target`; infinity if never."""
    shots, errors = torch.tensor([2.0, 4.0, 8.0, 16.0]), torch.tensor([1.0, 0.6, 0.2, 0.1])
    trial.truth(
        7,
        0.3,
        shots,
        errors,
        usual={
            "It takes the first number of shots that was tried below the target. Between two "
            "numbers draw a straight line.": 8,
            "It takes the last number of shots that was tried above the target. Between two "
            "numbers draw a straight line.": 4,
            "The line runs backwards: near the target the answer should be near the lower end.": 5,
            "It draws one line from the first to the last number, past all between.": 2
            + 14 * 0.7 / 0.9,
            "It counts places in the list. Count shots.": 1.75,
        },
    )
    trial.truth(
        3,
        0.5,
        torch.tensor([2.0, 4.0, 6.0, 8.0]),
        torch.tensor([0.8, 0.2, 0.6, 0.1]),
        usual={"It waits for the last time that the error falls below. Take the first.": 6.4},
    )
    trial.truth(
        inf,
        0.05,
        shots,
        errors,
        usual={
            "It gives the last number of shots, as if the target had been reached there.": 16,
            "It goes on beyond the last number, where nothing was measured.": 20,
        },
    )
    trial.promise(
        close(trial(0.3, 10 * shots, errors), 10 * trial(0.3, shots, errors)),
        "ten times all shots should give ten times the answer.",
    )


@exercise(difficulty=3, minutes=15)
def steps_needed(trial: Trial) -> None:
    """Give how many steps on `(w - goal)**2` bring `w` from `distance` to within `tolerance`."""
    trial.truth(
        10,
        10.0,
        0.25,
        0.01,
        usual={
            "A step shrinks the distance by 1 - 2 * inner_lr: the gradient has a factor of 2.": 25,
            "It asks for the loss to be within the tolerance. The distance is asked for.": 7,
            "It rounds down, and stops one step short.": 9,
            "It makes one step more than is needed.": 11,
            "Steps are whole. Round up.": 9.965784284662087,
        },
    )
    trial.truth(0, 0.005, 0.25, 0.01, usual={"It steps where no step is needed.": 1})
    trial.promise(
        close(trial(6.0, 0.25, 0.01), trial(3.0, 0.25, 0.01) + 1),
        "with inner_lr = 0.25, twice the distance should cost one step more.",
    )


EXERCISES = (inner_step, meta_gradient, shots_to, steps_needed)
