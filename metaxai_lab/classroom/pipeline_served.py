"""Answers for new cases, each with its explanation: needs numpy and safetensors, and no lab.

Packed with the weights into `answers.pyz`. A question comes in as JSON: rows of "past" cases with
their "classes", 0 or 1, and rows of "new" ones. Out come, for each new case, the probability of
class 1 and what each column adds to its log-odds, from a row of zeros on.
Source: Snell et al. (2017), equation 2; Sundararajan et al. (2017), equation 1.
Chapter: book/concepts/five_steps.ipynb.
"""

import json
import sys
from typing import Any
from zipfile import ZipFile

import numpy as np
from safetensors.numpy import load

POINTS, PARTS = np.polynomial.legendre.leggauss(32)  # on -1 to 1; a path goes from 0 to 1


def answer(weights: dict[str, np.ndarray], question: dict[str, Any]) -> dict[str, Any]:
    """Learn from the past cases, then answer for the new ones, with the reasons."""
    w1, b1, w2, b2 = (
        np.asarray(weights[f"embed.layers.{i}.{part}"], dtype=np.float64)
        for i in (0, 1)
        for part in ("weight", "bias")
    )
    past, new = (_rows(question[name], w1.shape[1], name) for name in ("past", "new"))
    of_class = np.array(question["classes"])
    if of_class.shape != past.shape[:1] or set(of_class.tolist()) != {0, 1}:
        sys.exit("each past case needs its class, 0 or 1, and each class a past case.")
    seen = np.maximum(past @ w1.T + b1, 0) @ w2.T + b2
    no, yes = (seen[of_class == c].mean(0) for c in (0, 1))  # the two prototypes

    def log_odds(x: np.ndarray) -> np.ndarray:
        z = np.maximum(x @ w1.T + b1, 0) @ w2.T + b2
        return ((z - no) ** 2).sum(-1) - ((z - yes) ** 2).sum(-1)

    def slope(x: np.ndarray) -> np.ndarray:
        return ((2 * (yes - no) @ w2) * (x @ w1.T + b1 > 0)) @ w1

    path = ((point + 1) / 2 for point in POINTS)
    mean_slope = sum(part / 2 * slope(at * new) for at, part in zip(path, PARTS, strict=True))
    said = log_odds(new)
    return {
        "probability": (1 / (1 + np.exp(-said))).tolist(),
        "log-odds": said.tolist(),
        "contributions": (new * mean_slope).tolist(),
        "of a row of zeros": float(log_odds(0 * new[:1])[0]),
    }


def main() -> None:
    """Answer the question on standard input."""
    with ZipFile(sys.argv[0]) as packed:
        weights, card = (
            load(packed.read("weights.safetensors")),
            json.loads(packed.read("card.json")),
        )
    print(json.dumps({"columns": card["columns"], **answer(weights, json.load(sys.stdin))}))


def _rows(rows: Any, n_columns: int, name: str) -> np.ndarray:
    found = np.array(rows, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != n_columns or not np.isfinite(found).all():
        sys.exit(f"the rows of {name!r} need {n_columns} finite numbers each.")
    return found


if __name__ == "__main__":
    main()
