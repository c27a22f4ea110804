"""The exercises on gates of a row: the gated answer, a twin, the step inside a task, what is kept.

Each truth was worked out by hand. Chapter: book/importance/gates.ipynb.
"""

from math import log

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def gated_output(trial: Trial) -> None:
    """Give the output of each row: `x` times its gates, a layer with ReLU, and a last layer."""
    third = log(3.0)
    x = torch.tensor([[1.0, 2.0, 4.0]])
    gate_kernel = torch.tensor([[0.0, third, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -third / 4]])
    kernel = torch.tensor([[1.0, 1.0], [2.0, -2.0], [-1.0, 1.0]])
    last = torch.tensor([2.0, 4.0])
    trial.truth(
        [5.0],
        x,
        gate_kernel,
        kernel,
        last,
        usual={
            "It leaves the gates out.": [6.0],
            "It multiplies by what the gate layer gives. A gate is the sigmoid of it.": [
                16 * third
            ],
            "Gates of a softmax share one unit among the features. Each gate is a sigmoid of its "
            "own.": [70 / 13],
            "It turns the gate kernel round: its rows are features, its columns are gates.": [3.8],
            "It lacks the ReLU after the first layer.": [-1.0],
            "It adds the gates to the features. Multiply.": [6.5],
            "It feeds the gates to the base learner. That gets the features times the gates.": [
                3.5
            ],
            "It puts the ReLU after the last layer. It belongs after the first.": [0.0],
        },
    )
    idle = torch.zeros_like(gate_kernel)
    trial.promise(
        close(trial(7 * x, idle, kernel, last), 7 * trial(x, idle, kernel, last)),
        "where no feature moves a gate, seven times the row should give seven times the output.",
    )
    two = torch.cat([x, x.flip(1)])
    alone = torch.cat([trial(row[None], gate_kernel, kernel, last) for row in two])
    trial.promise(
        close(trial(two, gate_kernel, kernel, last), alone),
        "each row has gates of its own: two rows together should get what each gets alone.",
    )


@exercise(difficulty=2, minutes=10)
def twin_kernel(trial: Trial) -> None:
    """Give the kernel that gives with `new_gates` what `kernel` gives with `gates`."""
    kernel = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
    gates, new_gates = torch.tensor([0.5, 0.25]), torch.tensor([0.25, 0.5])
    trial.truth(
        [[2, 4], [1.5, -0.5]],
        kernel,
        gates,
        new_gates,
        usual={
            "The ratio is turned: where a gate gets smaller, its row has to get larger.": [
                [0.5, 1],
                [6, -2],
            ],
            "It rescales the units. The rows of the kernel belong to features, and so do gates.": [
                [2, 1],
                [6, -0.5],
            ],
            "It takes the old gates in and leaves the new ones to be taken out.": [
                [0.5, 1],
                [0.75, -0.25],
            ],
            "It takes the new gates out without taking the old ones in.": [[4, 8], [6, -2]],
            "The kernel is as it was, so the outputs would change with the gates.": [
                [1, 2],
                [3, -1],
            ],
        },
    )
    drawn = torch.rand(3, 4, generator=seeded(0)) + 0.1
    wide = torch.randn(4, 5, generator=seeded(1))
    rows = torch.randn(6, 4, generator=seeded(2)).double()
    answered = (rows * drawn[1]) @ trial(wide, drawn[0], drawn[1])
    trial.promise(
        close(answered, (rows * drawn[0]).double() @ wide.double()),
        "with either pair of gates and kernel, the first layer should give the same.",
    )


@exercise(difficulty=3, minutes=15)
def adapted_error(trial: Trial) -> None:
    """Give the mean squared error on new rows after one step of `weights` on the support rows."""
    gates, weights = torch.tensor([0.5, 1.0]), torch.tensor([1.0, 0.0])
    x, y = torch.tensor([[2.0, 1.0], [0.0, 2.0]]), torch.tensor([2.0, 1.0])
    new = torch.tensor([[2.0, 2.0]]), torch.tensor([6.5])
    trial.truth(
        4.0,
        gates,
        weights,
        x,
        y,
        *new,
        0.5,
        usual={
            "That is the error before the step.": 30.25,
            "It judges on the support rows, which the step has seen.": 2.5,
            "The new rows need their gates too.": 0.25,
            "It follows the sum of the rows' gradients (take their mean), or a gradient without "
            "gates.": 2.25,
            "It climbs: the error grows. A step goes against the gradient.": 81,
            "The 2 is missing that comes down when a square is differentiated.": 14.0625,
            "It leaves the gates out.": 6.25,
            "It gives the error without its square.": -2.0,
        },
    )
    drawn = torch.randn(9, 3, generator=seeded(0))
    trial.promise(
        close(
            trial(
                torch.ones(3),
                drawn[0],
                drawn[1:6],
                drawn[1:6] @ drawn[0],
                drawn[6:],
                drawn[6:] @ drawn[0],
                0.1,
            ),
            torch.tensor(0.0, dtype=torch.double),
        ),
        "where the weights fit all rows, nothing should move, and the error should be 0.",
    )
    twice = [torch.cat([part, part]) for part in new]
    trial.promise(
        close(
            trial(gates, weights, x, y, *twice, 0.5),
            trial(gates, weights, x, y, *new, 0.5),
        ),
        "the same new rows twice over should leave the mean error where it is.",
    )


@exercise(difficulty=1, minutes=5)
def reach(trial: Trial) -> None:
    """Give for each feature its mean gate over the rows, times the length of its kernel row."""
    gates = torch.tensor([[0.5, 0.2], [0.7, 0.4]])
    kernel = torch.tensor([[3.0, -4.0], [0.0, 2.0]])
    trial.truth(
        [3, 0.6],
        gates,
        kernel,
        usual={
            "It leaves the gates out.": [5, 2],
            "It leaves the kernel out.": [0.6, 0.3],
            "It adds weights up with their signs. A length is the root of the sum of squares.": [
                -0.6,
                0.6,
            ],
            "It adds sizes up. A length is the root of the sum of squares.": [4.2, 0.6],
            "It forgets the root of the sum of squares.": [15, 1.2],
            "It takes lengths over features. Each feature has a row of the kernel.": [
                1.8,
                0.3 * 20**0.5,
            ],
            "It adds the rows up. Take the mean gate.": [6, 1.2],
            "It gives a number for each row. Take the mean over rows.": [
                [2.5, 0.4],
                [3.5, 0.8],
            ],
        },
    )
    trial.promise(
        close(trial(gates / 2, 2 * kernel), trial(gates, kernel)),
        "half the gates and twice the kernel should give the same: their outputs are the same.",
    )


EXERCISES = (gated_output, twin_kernel, adapted_error, reach)
