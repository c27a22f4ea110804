"""The exercises on meta-reinforcement: a belief from pushes, advantages, and pushes that turn.

Each truth was worked out by hand. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close


@exercise(difficulty=2, minutes=10)
def wiring_belief(trial: Trial) -> None:
    """Give the chance that a push is not reversed, after each of some steps."""
    one = torch.tensor(1.0)
    trial.truth(
        [0.310026, 0.598688, 0.598688],
        torch.tensor([1.0, -1.0, 1.0]),
        torch.tensor([-0.5, -0.75, 0.0]),
        torch.tensor(0.8),
        one,
        usual={
            "It gives log-odds. Put them through the sigmoid.": [-0.8, 0.4, 0.4],
            "It does not add up: each step speaks for itself.": [0.310026, 0.768525, 0.5],
            "It gives the chance that the push is reversed.": [0.689974, 0.401312, 0.401312],
            "It leaves the call out: a push to the left that goes left is not reversed.": [
                0.310026,
                0.119203,
                0.119203,
            ],
            "It leaves the 2 out.": [0.401312, 0.549834, 0.549834],
            "It leaves the force out.": [0.268941, 0.622459, 0.622459],
            "It gives the last belief alone. Give one for each step.": 0.598688,
        },
    )
    trial.truth(
        [0.731059, 0.880797],
        torch.tensor([1.0, 1.0]),
        torch.tensor([2.0, 2.0]),
        torch.tensor(1.0),
        torch.tensor(2.0),
        usual={
            "It leaves the gusts out.": [0.982014, 0.999665],
            "It divides by the gust, not by its square.": [0.880797, 0.982014],
        },
    )
    none = trial(torch.ones(2), torch.zeros(2), one, one)
    trial.promise(close(none, torch.full((2,), 0.5).double()), "nothing felt leaves it at 0.5.")


@exercise(difficulty=3, minutes=15)
def pushes_advantage(trial: Trial) -> None:
    """Give the advantage of each push, from rewards and expected values."""
    trial.truth(
        [-0.62, -0.6, -3.0],
        torch.tensor([1.0, 1.0, -4.0]),
        torch.tensor([2.0, 1.0, 0.0, 2.0]),
        torch.tensor(0.5),
        torch.tensor(0.4),
        usual={
            "It looks at one step only. Later surprises count, too.": [-0.5, 0.0, -3.0],
            "It leaves the value after each step out.": [-1.16, -0.8, -4.0],
            "It does not take the expected value away.": [1.58, 0.4, -3.0],
            "It leaves the trust out.": [-1.25, -1.5, -3.0],
            "It leaves the discount of later surprises out.": [-0.98, -1.2, -3.0],
            "It adds up the past. Surprises that come after a push count.": [-0.5, -0.1, -3.02],
            "It takes 0 for the value after the last step.": [-0.66, -0.8, -4.0],
        },
    )
    one = torch.tensor(1.0)
    trial.truth(
        [5.0, 4.0], torch.tensor([1.0, 2.0]), torch.tensor([0.0, 0.0, 2.0]), one, one, usual={}
    )


@exercise(difficulty=2, minutes=10)
def turned_more_often(trial: Trial) -> None:
    """Give how much more often the heaviest step turns a push than an average step does."""
    trial.truth(
        3 / 4 - 5 / 12,
        torch.tensor([1.0, -1.0, 2.0, -3.0]),
        torch.tensor([[-1.0, 2.0, 1.0], [2.0, -2.0, -3.0], [1.0, -0.5, -2.0], [1.0, -2.0, -1.0]]),
        torch.tensor([[0.7, 0.2, 0.1], [0.5, 0.3, 0.1], [0.1, 0.6, 0.2], [0.2, 0.3, 0.5]]),
        usual={
            "It gives the share for the heaviest step alone.": 3 / 4,
            "It gives the average step alone.": 5 / 12,
            "It takes the lightest step.": 1 / 4 - 5 / 12,
            "It compares with the best step, not with an average one.": 3 / 4 - 1,
            "It takes the heaviest step's share away, the wrong way round.": 5 / 12 - 3 / 4,
            "It counts only pushes to the right that turn.": 1 / 2 - 1 / 4,
            "It asks for a log-odds below 0. A push turns when the sign changes.": 3 / 4 - 7 / 12,
        },
    )
    same = torch.tensor([[1.0, 2.0], [-1.0, -2.0]])
    still = trial(torch.tensor([3.0, -3.0]), same, torch.full((2, 2), 0.5))
    trial.promise(close(still, torch.tensor(0.0).double()), "where nothing turns, it gives 0.")


EXERCISES = (wiring_belief, pushes_advantage, turned_more_often)
