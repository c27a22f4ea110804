"""The exercises on driving: a distance that stops, trips that are counted once, rules that agree.

Each truth was worked out by hand. Chapter: book/applications/driving.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close


@exercise(difficulty=1, minutes=5)
def room_to_stop(trial: Trial) -> None:
    """Give the metres to spare when a car that brakes after a reaction time has come to a stop."""
    gap, speed = torch.tensor([50.0, 20.0]), torch.tensor([20.0, 10.0])
    grip = torch.tensor([8.0, 2.0])
    trial.truth(
        [15.0, -10.0],
        gap,
        speed,
        grip,
        torch.tensor(0.5),
        usual={
            "It leaves the reaction time out.": [25.0, -5.0],
            "It leaves the 2 out: the way is speed squared over twice the grip.": [-10.0, -35.0],
            "It does not square the speed.": [38.75, 12.5],
            "It gives the way to stop. Take it from the gap.": [35.0, 30.0],
            "It says 0 where there is no room. How much is missing matters.": [15.0, 0.0],
            "It adds the reaction time as if it were metres.": [24.5, -5.5],
        },
    )
    trial.truth(
        [-15.0, -25.0],
        gap,
        speed,
        grip,
        torch.tensor(2.0),
        usual={
            "It takes half a second for every reaction time.": [15.0, -10.0],
            "It takes what is left of a second for the reaction time.": [45.0, 5.0],
            "It squares the reaction time.": [-55.0, -45.0],
            "The way to brake does not hang on the reaction time.": [3.75, -6.25],
        },
    )
    still = trial(gap, torch.zeros(2), grip, torch.tensor(0.5))
    trial.promise(close(still, gap.double()), "a car that stands has the whole gap to spare.")


@exercise(difficulty=2, minutes=10)
def trips_harmed(trial: Trial) -> None:
    """Count the trips that end in harm: the gap gone, or off the road, at any step driven."""
    gap = torch.tensor(
        [[5, 2, 1], [4, 0, -2], [9, 8, 7], [3, -1, 2], [8, 8, 8], [1, -1, 3]]
    ).float()
    off = torch.zeros(6, 3, dtype=torch.bool)
    off[2, 1] = off[4, 0] = off[4, 1] = True
    trial.truth(
        5,
        gap,
        off,
        torch.full((6,), 3),
        usual={
            "It counts steps. A trip counts once, however long it lasts.": 7,
            "It looks at the last step only. Harm may have come before.": 1,
            "It leaves out who left the road.": 3,
            "It leaves out who collided.": 2,
            "It gives a share. Give the number of trips.": 5 / 6,
        },
    )
    trial.truth(
        1,
        torch.tensor([[5.0, 0.0], [5.0, 4.0]]),
        torch.zeros(2, 2, dtype=torch.bool),
        torch.tensor([2, 2]),
        usual={"It asks for a gap below 0. At 0 the cars touch.": 0},
    )
    trial.truth(
        0,
        torch.tensor([[5.0, 3.0, -9.0], [6.0, 5.0, 4.0]]),
        torch.tensor([[False, False, False], [False, False, True]]),
        torch.tensor([2, 2]),
        usual={
            "It counts what stands after the end of a trip. Only the first `steps` were driven.": 2
        },
    )
    trial.truth(
        1,
        torch.tensor([[5.0, -9.0, 4.0], [6.0, 5.0, -1.0]]),
        torch.zeros(2, 3, dtype=torch.bool),
        torch.tensor([1, 3]),
        usual={
            "It takes one length for all trips. Each trip has its own.": 2,
            "It takes the shortest length for all trips. Each trip has its own.": 0,
        },
    )
    trial.truth(
        2,
        torch.tensor([[0.0, 5.0], [-1.0, 5.0]]),
        torch.tensor([[True, False], [False, False]]),
        torch.tensor([1, 2]),
        usual={"A trip that collides and leaves the road counts once.": 3},
    )


@exercise(difficulty=2, minutes=10)
def agreement_and_chance(trial: Trial) -> None:
    """Give the share of visited states where rules do what the driver does, and chance beside."""
    rules = torch.tensor([[1, 0, 0, 1], [0, 0, 1, 1]])
    driver = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0]])
    visited = torch.tensor([[True, True, True, True], [True, True, False, False]])
    trial.truth(
        [4 / 6, 4 / 6],
        rules,
        driver,
        visited,
        usual={
            "It counts states after the end of a trip, too.": [4 / 8, 6 / 8],
            "It takes chance as one half. Take the driver's commonest action.": [4 / 6, 1 / 2],
            "It takes the mean over trips. Each visited state counts once.": [3 / 4, 3 / 4],
            "It gives the agreement alone.": 4 / 6,
            "It counts agreement in visited states, and chance in all.": [4 / 6, 6 / 8],
        },
    )
    trial.truth(
        [2 / 3, 1.0],
        torch.tensor([[1, 1, 0]]),
        torch.tensor([[1, 1, 1]]),
        torch.ones(1, 3, dtype=torch.bool),
        usual={
            "It takes 0 for the commonest action. Look which is commoner.": [2 / 3, 0.0],
            "It takes the commonest action of the rules. Take the driver's.": [2 / 3, 2 / 3],
        },
    )
    trial.truth(
        [3 / 4, 3 / 4],
        torch.tensor([[0, 0, 0, 0]]),
        torch.tensor([[1, 0, 0, 0]]),
        torch.ones(1, 4, dtype=torch.bool),
        usual={
            "It mixes the driver's ones with the zeros of the rules.": [
                0.75,
                1.0,
            ]
        },
    )
    trial.truth(
        [1.0, 2 / 3],
        torch.tensor([[1, 1, 0]]),
        torch.tensor([[1, 1, 0]]),
        torch.ones(1, 3, dtype=torch.bool),
        usual={
            "It counts braked states only. Driving on is an action, too.": [1.0, 1.0],
        },
    )


EXERCISES = (room_to_stop, trips_harmed, agreement_and_chance)
