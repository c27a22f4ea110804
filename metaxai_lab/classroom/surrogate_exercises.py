"""The exercises on trees from few questions: likeness, chance of a class, guided gain, paired lead.

Each truth was worked out by hand. Chapter: book/global/meta_learned_surrogates.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def likeness(trial: Trial) -> None:
    """Give how much two rows go together: 1 / (1 + d^2 / 2), with a relevance for each column."""
    a, b = torch.tensor([1.0, 3.0, 5.0]), torch.tensor([3.0, 2.0, 5.0])
    trial.truth(
        1 / 6.5,
        a,
        b,
        torch.tensor([1.5, 1.4142135, 7.0]),
        usual={
            "It leaves the relevances out.": 1 / 3.5,
            "It takes a relevance once. It stretches the column, so it is squared with it.": 1
            / (1 + (1.5 * 4 + 1.4142135) / 2),
            "It forgets to halve the squared distance.": 1 / 12,
            "It adds the differences before it squares them, so that they cancel.": 1
            / (1 + (-3 + 1.4142135) ** 2 / 2),
            "It takes the distance, not its square.": 1 / (1 + 11**0.5 / 2),
            "It adds up sizes. Square each stretched difference.": 1 / (1 + 4.4142135 / 2),
            "It divides by the relevance. A column that matters drives rows apart.": 1
            / (1 + (16 / 9 + 0.5) / 2),
        },
    )
    trial.truth(
        2 / 3,
        torch.tensor([1.0, 2.0, 1.0]),
        torch.tensor([1.0, 2.0, 3.0]),
        torch.tensor([1.0, 1.0, 0.5]),
        usual={"It looks at two columns alone. Add up all of them.": 1.0},
    )
    trial.promise(
        close(trial(a, a, torch.ones(3)), torch.ones(()).double()),
        "a row goes together with itself by 1.",
    )


@exercise(difficulty=2, minutes=10)
def chance_of_one(trial: Trial) -> None:
    """Give the chance that a score lies above 0, if it is spread normally around its mean."""
    mean, spread = torch.tensor([1.0, -3.0, 0.0]), torch.tensor([0.5, 2.0, 4.0])
    ndtr = torch.special.ndtr
    trial.truth(
        [0.97725, 0.0668072, 0.5],
        mean,
        spread,
        usual={
            "It gives the chance of class 0.": ndtr(-mean / spread).tolist(),
            "It leaves the spread out: an unsure score is nearer a half.": ndtr(mean).tolist(),
            "It multiplies by the spread. Divide by it.": ndtr(mean * spread).tolist(),
            "It uses the logistic curve. The score is spread normally.": (mean / spread)
            .sigmoid()
            .tolist(),
            "It takes the spread for a variance. It is a standard deviation.": ndtr(
                mean / spread.sqrt()
            ).tolist(),
            "It squares the spread, which is a standard deviation already.": ndtr(
                mean / spread**2
            ).tolist(),
            "It says yes or no. Say how likely.": (mean > 0).double().tolist(),
        },
    )


@exercise(difficulty=3, minutes=15)
def guided_gain(trial: Trial) -> None:
    """Give what a split gains: the Gini impurity it takes away, times a power of a weight."""
    trial.truth(
        0.3,
        12.0,
        6.0,
        4.0,
        3.0,
        0.16,
        0.5,
        usual={
            "It leaves the weight out.": 0.75,
            "It takes the weight as it is, without its power.": 0.12,
            "It multiplies the weight by the strength, which is a power.": 0.06,
            "It adds the weight's power to the gain. Multiply by it.": 1.15,
            "It forgets the rows on the other side of the split.": 1.8,
            "It gives the impurity that is left. What is taken away?": 2.1,
            "It forgets the 2 of 2 p (n - p) / n.": 0.15,
            "It counts shares of rows, each side as much as the whole.": -0.1375,
            "It gives the gain of one row. Count all rows: 2 p (n - p) / n.": 0.025,
        },
    )
    trial.truth(
        1 / 6,
        12.0,
        4.0,
        4.0,
        0.0,
        0.25,
        1.5,
        usual={
            "It takes the root whatever the strength.": 2 / 3,
            "It takes half of the node's rows for ones. Use n_ones.": 0.25,
            "It takes half of the rows, not n_ones, to find the ones below.": 7 / 24,
            "It gives nothing where ones are fewer above. Such a split gains, too.": 0.0,
        },
    )
    trial.promise(
        close(trial(12.0, 6.0, 4.0, 2.0, 0.5, 1.0), torch.zeros(()).double()),
        "a split that leaves half of each class on either side gains nothing.",
    )


@exercise(difficulty=2, minutes=10)
def paired_lead(trial: Trial) -> None:
    """Give the mean lead of one method over another on the same teachers, and its error."""
    trial.truth(
        [2.0, 1 / 3**0.5],
        torch.tensor([5.0, 9.0, 7.0]),
        torch.tensor([4.0, 6.0, 5.0]),
        usual={
            "It takes the two methods apart. Subtract teacher by teacher first.": [
                2.0,
                (5 / 3) ** 0.5,
            ],
            "It gives the standard deviation of the leads. Divide by the root of their number.": [
                2.0,
                1.0,
            ],
            "It divides by the number of teachers, not by its root.": [2.0, 1 / 3],
            "It divides the sum of squares by n. A sample takes n - 1.": [2.0, 2**0.5 / 3],
            "It gives the lead of the other method.": [-2.0, 1 / 3**0.5],
        },
    )
    trial.truth(
        [3.0, (46 / 12) ** 0.5],
        torch.tensor([5.0, 6.0, 9.0, 12.0]),
        torch.tensor([4.0, 7.0, 5.0, 4.0]),
        usual={
            "It takes the median of the leads. Take their mean.": [2.5, (46 / 12) ** 0.5],
            "It leaves out the sign of the leads. A lead may be negative.": [3.5, (33 / 12) ** 0.5],
            "It divides by the root of 3, whatever the number of teachers.": [3.0, (46 / 9) ** 0.5],
        },
    )
    ours = torch.randn(50, generator=seeded(0), dtype=torch.float64)
    trial.promise(
        close(trial(ours + 1, ours), torch.tensor([1.0, 0.0]).double()),
        "a method that leads by 1 on each of 50 teachers leads by 1, without any doubt.",
    )


EXERCISES = (likeness, chance_of_one, guided_gain, paired_lead)
