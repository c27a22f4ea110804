"""The exercises on tools: what Captum, LIME and TensorBoard compute, in a line or two of one's own.

Each truth was worked out by hand. Chapter: book/appendix/tools.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close


@exercise(difficulty=1, minutes=5)
def path_shares(trial: Trial) -> None:
    """Give the integrated gradients of a row from the slopes at points of its path."""
    slopes = torch.tensor([[2.0, 0.0], [4.0, 3.0]])  # two points, two columns
    trial.truth(
        [6.0, -1.5],  # mean slopes 3 and 1.5, times the steps 2 and -1
        slopes,
        torch.tensor([3.0, 1.0]),
        torch.tensor([1.0, 2.0]),
        usual={
            "It leaves the baseline out. The way begins there.": [9.0, 1.5],
            "It adds the slopes up. Take their mean.": [12.0, -3.0],
            "It takes the mean over columns. Take it over points, the first axis.": [2.0, -3.5],
            "It gives mean slopes. Multiply each by its step.": [3.0, 1.5],
            "It goes from the row to the baseline. Turn it round.": [-6.0, 1.5],
            "It knows the last slope alone.": [8.0, -3.0],
            "It knows the first slope alone.": [4.0, 0.0],
        },
    )
    still = trial(slopes, torch.ones(2), torch.ones(2))
    trial.promise(
        close(still, torch.zeros(2).double()), "a row that is its own baseline shares out nothing."
    )


@exercise(difficulty=2, minutes=10)
def near_slope(trial: Trial) -> None:
    """Give the slope of the line that fits weighted points best: LIME with one column."""
    trial.truth(
        2.5,  # means 2 and 7.5; w dx dy = 11 + 0 + 9, w dx dx = 4 + 0 + 4
        torch.tensor([0.0, 2.0, 4.0]),
        torch.tensor([2.0, 8.0, 12.0]),
        torch.tensor([1.0, 2.0, 1.0]),
        usual={
            "It forces the line through nought. Take weighted means off first.": 80 / 24,
            "It gives the sum of products. Divide by the sum of squares.": 20.0,
            "It fits the other line, of x by y.": 20 / 51,
        },
    )
    trial.truth(
        2.0,  # all points but the last, which weighs nothing, lie on this line
        torch.tensor([0.0, 1.0, 2.0, 3.0]),
        torch.tensor([0.0, 2.0, 4.0, 0.0]),
        torch.tensor([1.0, 1.0, 1.0, 0.0]),
        usual={
            "It lets all points count alike.": 0.2,
            "It takes plain means off. Points that weigh nothing should not move them.": 13 / 11,
        },
    )
    trial.truth(
        0.6,  # means 2 and 1.4; w dx dy = 2.4 + 0 + 1.2, w dx dx = 4 + 0 + 2
        torch.tensor([0.0, 2.0, 3.0]),
        torch.tensor([0.2, 1.4, 2.0]),
        torch.tensor([1.0, 7.0, 2.0]),
        usual={},
    )


@exercise(difficulty=2, minutes=10)
def smoothed(trial: Trial) -> None:
    """Give the curve that TensorBoard shows: old values fade, and early ones are not too small."""
    trial.truth(
        [1.0, 7 / 3],  # 0.5 / 0.5; then 0.5 * 0.5 + 0.5 * 3 = 1.75, over 1 - 0.25
        torch.tensor([1.0, 3.0]),
        0.5,
        usual={
            "Its first values are too small: divide by 1 - keep ** t.": [0.5, 1.75],
            "It begins at the first value. Begin at 0, and divide by 1 - keep ** t.": [1.0, 2.0],
            "It divides by 1 - keep at every step.": [1.0, 3.5],
            "It takes the mean of all so far. Old values fade.": [1.0, 2.0],
            "It divides, and goes on from what it divided.": [1.0, 8 / 3],
        },
    )
    trial.truth(
        [4.0, 1.0],  # keep 0.25: 3 / 0.75; then 0.25 * 3 + 0.75 * y = 0.9375, so y = 0.25
        torch.tensor([4.0, 0.25]),
        0.25,
        usual={
            "It keeps the new value and not the old: exchange keep and 1 - keep.": [4.0, 13 / 7],
        },
    )
    flat = trial(torch.full((4,), 2.0), 0.9)
    trial.promise(close(flat, torch.full((4,), 2.0).double()), "a flat curve should stay flat.")
    bare = trial(torch.tensor([5.0, 1.0, 3.0]), 0.0)
    trial.promise(
        close(bare, torch.tensor([5.0, 1.0, 3.0]).double()), "with keep 0 the curve is as it was."
    )


EXERCISES = (path_shares, near_slope, smoothed)
