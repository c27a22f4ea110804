"""The exercises on maps over pictures: a lift, a correlation that is left, a box, an interval.

Each truth was worked out by hand. Chapter: book/attention/pictures.ipynb.
"""

import torch

from metaxai_lab.classroom.exercise import exercise
from metaxai_lab.classroom.trial import Trial, close
from metaxai_lab.core import seeded


@exercise(difficulty=2, minutes=10)
def lift(trial: Trial) -> None:
    """Give a map's mass in a mask, `(h, w)` both, as a multiple of the mask's share of the area."""
    attention = torch.tensor([[0.5, 0.1, 0.2, 0.2], [0.0, 0.0, 0.0, 0.0]])
    mask = torch.tensor([[True, True, False, False], [False, False, False, False]])
    trial.truth(
        2.4,
        attention,
        mask,
        usual={
            "It is the mass inside. Divide by what an even map would have there.": 0.6,
            "It divides by the number of pixels inside, not by their share of the area.": 0.3,
            "It compares the mean inside with the mean outside. Compare the mass inside with the "
            "mask's share of the area.": 4.5,
            "It divides the mass inside by the mass outside, and looks at no area.": 1.5,
            "It is turned over: the share of the area over the mass.": 5 / 12,
            "It multiplies by the share of the area. Divide.": 0.15,
        },
    )
    trial.truth(
        2.0,
        10 * torch.tensor([[0.5, 0.5], [0.0, 0.0]]),
        torch.tensor([[True, True], [False, False]]),
        usual={"This map sums to 10. Take the share of its mass that is inside.": 20.0},
    )
    drawn = torch.rand(3, 3, generator=seeded(0))
    trial.promise(
        close(trial(torch.ones(3, 3), drawn > 0.5), torch.tensor(1.0, dtype=torch.double)),
        "an even map should have the lift 1 in any mask.",
    )


@exercise(difficulty=2, minutes=10)
def beyond(trial: Trial) -> None:
    """Give the partial correlation of a and b without c, from the correlations ab, ac and bc."""
    ab, ac, bc = torch.tensor(0.5), torch.tensor(0.3), torch.tensor(0.8)
    root = (0.91 * 0.36) ** 0.5
    trial.truth(
        0.26 / root,
        ab,
        ac,
        bc,
        usual={
            "It is what is left before dividing. Divide by what c leaves of a and of b.": 0.26,
            "It subtracts the two correlations with c. What they explain together is their "
            "product.": -0.6 / root,
            "It forgets the squares below the root: what c leaves of a is 1 - ac squared.": 0.26
            / (0.7 * 0.2) ** 0.5,
            "It forgets the root below the line.": 0.26 / (0.91 * 0.36),
            "It adds the product. What c explains is taken away.": 0.74 / root,
            "It divides by what c leaves of a alone.": 0.26 / 0.91**0.5,
            "It adds below the line what c leaves of a and of b. Multiply.": 0.26 / 1.27**0.5,
        },
    )
    nothing = torch.tensor(0.0)
    trial.truth(0.5, ab, nothing, nothing, usual={})
    trial.promise(
        close(trial(ab, ac, bc), trial(ab, bc, ac)),
        "a and b should be exchangeable: nothing says which of them came first.",
    )


@exercise(difficulty=2, minutes=10)
def box_mask(trial: Trial) -> None:
    """Turn a box (left, top, right, bottom) into a mask `(side, side)`, the last two excluded."""
    box = torch.tensor([1, 0, 3, 2])
    rows = [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    with_end = [[0, 1, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0]]
    turned = [[0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    sized = [[0, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    outside = [[1 - pixel for pixel in row] for row in rows]
    trial.truth(
        rows,
        box,
        4,
        usual={
            "It includes the pixels at right and bottom, the first ones outside.": with_end,
            "It is turned over: rows run from top to bottom, columns from left to right.": turned,
            "It reads right and bottom as width and height.": sized,
            "It marks what is outside the box.": outside,
        },
    )
    trial.truth([[0, 0], [1, 0]], torch.tensor([0, 1, 1, 2]), 2, usual={})
    trial.promise(
        int(trial(torch.tensor([2, 3, 7, 5]), 9).sum()) == 10,
        "the box (2, 3, 7, 5) is 5 wide and 2 high and should mark 10 pixels.",
    )


@exercise(difficulty=3, minutes=15)
def half_width(trial: Trial) -> None:
    """Give half the width of a 95 % interval of the mean of marks `(task, picture)`, over tasks."""
    # five tasks with the means 1, 3, 5, 7 and 9
    marks = torch.tensor([[0.0, 2.0], [2.0, 4.0], [4.0, 6.0], [6.0, 8.0], [8.0, 10.0]])
    of_means = 10**0.5
    trial.truth(
        1.96 * of_means / 5**0.5,
        marks,
        usual={
            "It counts pictures as if each were drawn by itself. Those of a task share a support "
            "set: take the mean of each task first.": 1.96,
            "It divides the squares by the number of tasks. Divide by one less: the mean was "
            "taken from the same numbers.": 1.96 * 8**0.5 / 5**0.5,
            "It is the spread of the tasks. That of their mean is smaller by the root of their "
            "number.": 1.96 * of_means,
            "It is one standard error. An interval of 95 % reaches 1.96 of them.": of_means
            / 5**0.5,
            "It is the whole width. Half of it is asked for.": 2 * 1.96 * of_means / 5**0.5,
            "It divides by the number of tasks. Divide by its root.": 1.96 * of_means / 5,
        },
    )
    drawn = torch.randn(6, 3, generator=seeded(0))
    trial.promise(
        close(trial(drawn + 100), trial(drawn)),
        "marks that are all higher by 100 should be as uncertain as before.",
    )
    trial.promise(
        close(trial(drawn.repeat_interleave(2, 1)), trial(drawn)),
        "each picture twice in its task tells nothing new: the width should stay.",
    )


EXERCISES = (lift, beyond, box_mask, half_width)
