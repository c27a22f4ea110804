"""The exercises of medicine: net benefit, from how many patients on, and reasons that are lost.

Each truth was worked out by hand. Chapter: book/applications/medicine.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close

ADVISED = torch.tensor([1.0, 1.0, 0.0, 1.0, 0.0])
ILL = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0])


@exercise(difficulty=2, minutes=10)
def benefit(trial: Trial) -> None:
    """Give right alarms less the price of false ones, for each patient, at a threshold."""
    trial.truth(
        0.35,
        ADVISED,
        ILL,
        0.2,
        usual={
            "It turns the price round: a false alarm costs t / (1 - t).": (2 - 4.0) / 5,
            "It lets a false alarm cost as much as a right one is worth.": 0.2,
            "It takes the threshold itself for the price.": (2 - 0.2) / 5,
            "It divides by the patients who are ill. Divide by all of them.": 1.75 / 3,
            "It charges for the ill who were missed. They are just not in the sum.": (
                (2 - 0.25 - 1) / 5
            ),
            "It does not divide by the number of patients.": 1.75,
        },
    )
    trial.truth(
        -0.5,
        torch.ones(2),
        torch.zeros(2),
        1 / 3,
        usual={"Where all alarms are false it is below nought. Let it.": 0.0},
    )
    trial.promise(
        close(trial(torch.zeros(5), ILL, 0.4), torch.tensor(0.0, dtype=torch.double)),
        "following up nobody should give 0.",
    )


@exercise(difficulty=2, minutes=10)
def safe_from(trial: Trial) -> None:
    """Give the fewest patients from which on all lower ends are above 0; 0 if there are none."""
    sizes = torch.tensor([5, 10, 20, 50])
    trial.truth(
        20,
        torch.tensor([0.01, -0.02, 0.03, 0.05]),
        sizes,
        usual={
            "It takes the first size that is above 0, though a larger one falls back.": 5,
            "It gives a place. Give the number of patients at that place.": 2,
            "It takes the largest size. Fewer may do.": 50,
            "It gives how many sizes are safe.": 3,
        },
    )
    trial.truth(
        50,
        torch.tensor([-0.01, 0.02, 0.0, 0.01]),
        sizes,
        usual={"A lower end of exactly 0 is not above 0.": 10},
    )
    trial.truth(
        0,
        torch.tensor([0.02, 0.03, 0.04, -0.01]),
        sizes,
        usual={
            "The last size is below 0: then no size is safe, and the answer is 0.": 50,
            "It looks at the largest lower end.": 20,
        },
    )
    trial.truth(
        5,
        torch.tensor([0.001, 0.002, 0.03, 0.04]),
        sizes,
        usual={
            "Where all lower ends are above 0, the first size is safe.": 0,
            "It never looks at the first size.": 10,
            "Above 0 is enough, however little.": 20,
        },
    )


@exercise(difficulty=3, minutes=15)
def lost_share(trial: Trial) -> None:
    """Give the share of a model's usual reasons that stand on columns that are not measured."""
    weights = torch.tensor([2.0, -1.0, 0.5])
    x = torch.tensor([[1.0, 3.0, 4.0], [-1.0, -2.0, 2.0]])
    measured = torch.tensor([True, False, True])
    trial.truth(
        5 / 12,
        weights,
        x,
        measured,
        usual={
            "It gives the share that is measured. Give the rest.": 7 / 12,
            "It compares weights. A reason is a weight times a value.": 1 / 3.5,
            "It counts columns. A column with a large reason counts for more.": 1 / 3,
            "It adds reasons with their signs, which cancel. Take their sizes.": -0.5,
            "It forgets to divide by the reasons of all columns.": 2.5,
            "It looks at the first row alone.": 3 / 7,
            "It squares the reasons. Take their sizes.": 0.5,
            "It takes the mean of each row's share. Add up over the rows first.": 29 / 70,
        },
    )
    trial.truth(
        0.6,
        weights,
        torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 6.0]]),
        torch.tensor([True, True, False]),
        usual={"It asks each row alone. Add up over the rows first.": 0.5},
    )
    trial.promise(
        close(
            trial(weights, x, torch.ones(3, dtype=torch.bool)),
            torch.tensor(0.0, dtype=torch.double),
        ),
        "where everything is measured nothing is lost.",
    )


EXERCISES = (benefit, safe_from, lost_share)
