"""A machine of six columns, drawn as each of them is set from outside.

Load and heat wear it, and so does age, which also makes it hum; wear sets off an alarm.
Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from typing import Any

import torch

from metaxai_lab.figures.graphs import STILL, drawn_graph
from metaxai_lab.tasks.causal import CausalModel, causal_model

PLACES = {
    "load": (0.0, 1.0),
    "heat": (0.0, 0.0),
    "age": (1.0, 1.0),
    "wear": (0.5, 0.5),
    "hum": (1.1, 0.4),
    "alarm": (0.6, -0.1),
}
ARROWS = {
    ("load", "heat"): 0.8,
    ("load", "wear"): 0.5,
    ("heat", "wear"): 1.0,
    ("age", "wear"): 1.5,
    ("age", "hum"): 1.0,
    ("wear", "alarm"): 1.0,
}
SET = ("load", "heat", "age", "hum", "alarm")


def means_of(model: CausalModel) -> dict[str, float]:
    """Return the mean of each column of a model in which nothing bends."""
    still = torch.zeros(1, len(model.names), dtype=torch.float64)
    return dict(zip(model.names, model.rows(still)[0].tolist(), strict=True))


def machine_frames(
    values: Sequence[float] = (-2.0, 2.0),
) -> tuple[list[Any], list[str], list[str]]:
    """Return figures, captions and labels: nobody intervenes; then each column is set in turn."""
    machine = causal_model(tuple(PLACES), ARROWS)
    usual = means_of(machine)
    frames = [drawn_graph(PLACES, ARROWS, means=usual, usual=usual)]
    captions, labels = ["Nobody intervenes; every mean is 0."], ["nothing"]
    for name in SET:
        for value in values:
            now = means_of(machine.do(name, value))
            frames.append(drawn_graph(PLACES, ARROWS, means=now, usual=usual, held=name))
            moved = [n for n in PLACES if n != name and abs(now[n] - usual[n]) > STILL]
            captions.append(
                f"{name} is set to {value:.0f}; it moves {', '.join(moved) or 'nothing'}."
            )
            labels.append(f"{name} {value:+.0f}")
    return frames, captions, labels
