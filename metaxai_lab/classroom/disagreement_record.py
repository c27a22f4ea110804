"""The gate at length: thirteen judges, six kinds of models, dozens of models each; kept in a file.

With a few models the gate wavers where a rival comes near its limit, so it is held once on many,
and the page reads what became of each judge. `python -m metaxai_lab.classroom.disagreement_record`
writes it anew, in some minutes. Chapter: book/judging/when_judges_disagree.ipynb.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from metaxai_lab.classroom.disagreement_study import gate_of
from metaxai_lab.classroom.disagreement_tasks import KINDS
from metaxai_lab.evaluation import Admission

RECORD = Path(__file__).parents[2] / "book/judging/disagreement_gate.json"
N_MODELS, N_ROWS = 40, 16
Gate = dict[str, dict[str, Admission]]  # by kind, by judge


def write(path: Path = RECORD, *, n_models: int = N_MODELS) -> None:
    """Hold the gate, and keep what became of each judge."""
    held = {
        kind: {
            judge: {
                "exact": round(found.exact, 4),
                "shares": {name: round(share, 3) for name, share in found.shares.items()},
                "reasons": found.reasons,
            }
            for judge, found in gate_of(kind, n_models=n_models, n_rows=N_ROWS, seed=1).items()
        }
        for kind in KINDS
    }
    path.write_text(json.dumps({"n_models": n_models, "gate": held}, indent=1) + "\n", "utf8")


def read(path: Path = RECORD) -> tuple[Gate, int]:
    """Return what became of each judge in each kind, and on how many models.

    Raises:
        FileNotFoundError: if there is no record; the sentence says how to write one.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"there is no record of the gate at {path.name}. To write it: python -m "
            "metaxai_lab.classroom.disagreement_record"
        )
    kept = json.loads(path.read_text("utf8"))
    return {kind: _admissions(each) for kind, each in kept["gate"].items()}, kept["n_models"]


def _admissions(kept: Mapping[str, dict]) -> dict[str, Admission]:
    return {
        judge: Admission(judge, a["exact"], float("nan"), a["shares"], tuple(a["reasons"]))
        for judge, a in kept.items()
    }


if __name__ == "__main__":
    write()
