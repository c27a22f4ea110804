"""The exercises on trees and rules: a question's worth, pairs of questions, rules, good and short.

Each truth was worked out by hand. Chapter: book/global/trees_and_rules.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close


@exercise(difficulty=2, minutes=10)
def impurity_after(trial: Trial) -> None:
    """Give the mean of 2p(1 - p) over rows, where p is the share of class 1 on the row's side."""
    yes = torch.tensor([True, True, False, False, False, False])
    labels = torch.tensor([0, 0, 1, 1, 0, 1])
    trial.truth(
        0.25,
        yes,
        labels,
        usual={
            "It adds the two sides up, however many rows they have. Weigh them by rows.": 0.375,
            "It takes the mean of the two sides, however many rows they have.": 0.1875,
            "It leaves the factor 2 out.": 0.125,
            "It counts errors in place of impurity.": 1 / 6,
            "It gives the impurity of all rows, before the question.": 0.5,
            "It gives the entropy. Take 2p(1 - p).": 0.540852,
            "It adds up over rows. Take the mean.": 1.5,
            "It gives one number for each side. Weigh and add them.": [0.0, 0.375],
        },
    )
    other = torch.tensor([True, True, True, True, False, False])
    trial.truth(
        0.5,
        other,
        torch.tensor([0, 1, 0, 1, 0, 1]),
        usual={"It gives the fall of the impurity. Give what is left.": 0.0},
    )
    nobody, few = torch.zeros(4, dtype=torch.bool), torch.tensor([0, 0, 0, 1])
    if any(bool(trial(side, few).isnan().any()) for side in (nobody, ~nobody)):
        raise trial.no("a side without rows gives 0 / 0. Such a side has no weight: leave it out.")
    trial.truth(0.375, nobody, few, usual={"The side that has rows is left out.": 0.0})
    trial.promise(
        close(trial(yes, labels), trial(~yes, labels)),
        "a question and its opposite part the rows the same way, so they are worth the same.",
    )


@exercise(difficulty=4, minutes=25)
def pair_errors(trial: Trial) -> None:
    """Give, for each pair of questions, the errors of the tree that asks both, the second always.

    Of two classes; a leaf answers with its commonest class.
    """
    yes = torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    labels = torch.tensor([0, 1, 1, 0, 0, 1])
    trial.truth(
        [[3, 0], [0, 2]],
        yes,
        labels,
        usual={
            "It counts rows that say yes to both only. Three more leaves are left.": [
                [1, 0],
                [0, 1],
            ],
            "It gives how many rows are right.": [[3, 6], [6, 4]],
            "It counts class 1 in each leaf. Errors are the rarer of the two classes.": [
                [3, 3],
                [3, 3],
            ],
            "It divides by the rows. Give the count.": [[3 / 6, 0], [0, 2 / 6]],
            "It gives the best pair only. Give a table of all pairs.": 0,
        },
    )
    three = torch.tensor([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    trial.truth(
        [[2, 1, 1], [1, 1, 0], [1, 0, 1]],
        three,
        torch.tensor([1, 0, 1, 0]),
        usual={},
    )
    found = trial(yes, labels)
    trial.promise(close(found, found.T), "the order of two questions does not change the leaves.")


@exercise(difficulty=2, minutes=10)
def rule_answers(trial: Trial) -> None:
    """Give each row the answer of the first rule that fires, or the last one where none does."""
    fires = torch.tensor(
        [[True, False, True], [False, True, True], [False, False, False], [False, False, True]]
    )
    answers = torch.tensor([6, 8, 5, 7])
    trial.truth(
        [6, 8, 7, 5],
        fires,
        answers,
        usual={
            "It takes the last rule that fires. The first one answers.": [5, 5, 7, 5],
            "Where no rule fires, it takes the first rule. The last answer is for these rows.": [
                6,
                8,
                6,
                5,
            ],
            "It gives the place of the rule. Give its answer.": [0, 1, 3, 2],
            "It adds the answers of all rules that fire. Only the first one answers.": [
                11,
                13,
                0,
                5,
            ],
            "It leaves the rows out that no rule catches. They get the last answer.": [6, 8, 5],
        },
    )
    trial.truth([4, 4], torch.zeros(2, 0, dtype=torch.bool), torch.tensor([4]), usual={})


@exercise(difficulty=3, minutes=15)
def on_the_front(trial: Trial) -> None:
    """Mark the models that no other beats: none as short and better, nor shorter and as good."""
    length = torch.tensor([1.0, 2.0, 2.0, 3.0, 4.0])
    fidelity = torch.tensor([0.6, 0.8, 0.7, 0.8, 0.9])

    def these(*marked: int) -> list[bool]:
        return [place in marked for place in range(5)]

    trial.truth(
        these(0, 1, 4),
        length,
        fidelity,
        usual={
            "It asks others to be better in both at once. As short and better is enough.": these(
                0, 1, 2, 3, 4
            ),
            "A model as good but longer is beaten too.": these(0, 1, 3, 4),
            "A model as short but worse is beaten too.": these(0, 1, 2, 4),
            "It marks those that are beaten. Mark the others.": these(2, 3),
            "It marks the best and the shortest only. What lies between may be worth it.": these(
                0, 4
            ),
            "Every model is as short and as good as itself; that beats nobody.": these(),
        },
    )
    trial.truth(
        [False, True, True],
        torch.tensor([5.0, 1.0, 3.0]),
        torch.tensor([0.7, 0.6, 0.8]),
        usual={
            "It takes the models in the order given. Sort them, or compare all pairs.": [1, 0, 1]
        },
    )
    trial.truth(  # the second lies below the line from the first to the third
        [True, True, True],
        torch.tensor([1.0, 2.0, 3.0]),
        torch.tensor([0.6, 0.62, 0.9]),
        usual={},
    )
    trial.truth(
        [True, True],
        torch.tensor([2.0, 2.0]),
        torch.tensor([0.5, 0.5]),
        usual={"Two equal models do not beat each other.": [True, False]},
    )


EXERCISES = (impurity_after, pair_errors, rule_answers, on_the_front)
