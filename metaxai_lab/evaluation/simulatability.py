"""Does an explanation help to foretell the model? Show a reader explained rows, ask for others.

The reader is shown some rows, the black box's answers and the explanations, and then guesses the
answers for rows that come without any explanation: so no explanation can carry the answer that is
asked for. `chance` is the mark of a reader that is shown the same values in random places. Source:
Doshi-Velez & Kim (2017), section 3.2, for the idea; Pruthi et al. (2022) for showing explanations
only while the reader learns. Chapter: book/judging/judges.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Examples, Model, Score
from metaxai_lab.evaluation.admission import in_random_places
from metaxai_lab.evaluation.readers import Read, adding_reader


def simulatability(
    attribution: Attribution,
    answers: Float[Tensor, "*tasks row"],
    asked: Examples,
    *,
    read: Read = adding_reader,
    n_draws: int = 5,
    generator: Generator,
) -> Score:
    """Score the rows that are asked about: 1 where the reader guesses as the black box answers.

    Args:
        attribution: of the rows that the reader is shown.
        answers: of the black box for these rows, 1 for yes and 0 for no.
        asked: other rows with its answers, which the reader sees without explanations.
        read: the reader.
        n_draws: random places, for chance.

    Raises:
        ValueError: as the reader does; or if `n_draws` is below 1.
    """
    if n_draws < 1:
        raise ValueError(f"chance is a mean over n_draws, one or more; found {n_draws}.")
    seen = Examples(attribution.inputs, answers)
    found = guessed_right(read(seen, attribution.values), asked)
    moved = [in_random_places(attribution, generator).values for _ in range(n_draws)]
    chance = torch.stack([guessed_right(read(seen, values), asked) for values in moved]).mean(0)
    return Score("simulatability", found, chance, sensitive_to=("reader", "rows shown"))


def guessed_right(reader: Model, asked: Examples) -> Float[Tensor, "*tasks row"]:
    """Return 1 for each row where a reader says what the black box says, else 0."""
    return ((reader(asked.x)[..., 0] > 0) == (asked.y > 0.5)).to(asked.x)
