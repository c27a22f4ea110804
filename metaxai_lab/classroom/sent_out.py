"""The fifth step for tables: a predictor with its reasons leaves the lab, and its card with it.

A folder holds the model in two formats, the program that answers, and a card that says what the
answer means, which columns it needs in which unit and range, what was measured, and what it must
not be used for. Source: Mitchell et al. (2019), sections 4.2 and 4.9, for intended use and caveats.
Chapter: book/applications/medicine.ipynb.
"""

import json
import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from metaxai_lab.classroom import answer_rows
from metaxai_lab.classroom.answer_rows import FILES, VERSION
from metaxai_lab.classroom.exports import write_formats
from metaxai_lab.classroom.pipeline_deployed import ask_alone
from metaxai_lab.classroom.tables import markdown_table


@dataclass(frozen=True)
class Column:
    """What goes in, in the unit in which it is asked.

    Args:
        low: the least value that training rows had; `high` the greatest.
        levels: of a column of categories, their names; the model gets the place, 0 for the first.
        usual: a value that a form may begin with, such as the median; else the middle of the range.
    """

    name: str
    unit: str
    low: float
    high: float
    levels: tuple[str, ...] = ()
    usual: float | None = None

    def __post_init__(self) -> None:
        if not -math.inf < self.low <= self.high < math.inf:
            raise ValueError(
                f"the range of {self.name!r} goes from a finite number to one as large or larger; "
                f"found {self.low} to {self.high}."
            )


@dataclass(frozen=True)
class UseCard:
    """What a user reads before asking.

    Args:
        answers: what the number means, with its unit.
        not_for: sentences, each a use that the measured numbers forbid.
        measured: what was measured, by its name, such as "lead over pooled, 10 rows".

    Raises:
        ValueError: if there is no column, a name comes twice, or nothing is forbidden.
    """

    title: str
    answers: str
    columns: tuple[Column, ...]
    not_for: tuple[str, ...]
    measured: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not names or len(set(names)) < len(names):
            raise ValueError(
                f"a card names one column or more, each once; found {', '.join(names) or 'none'}."
            )
        if not self.not_for:
            raise ValueError("a card says what its model must not be used for; found nothing.")

    def markdown(self) -> str:
        """Return the card as Markdown, for a page."""
        rows = [(column.name, column.unit, _range_of(column)) for column in self.columns]
        parts = [
            f"**{self.title}**",
            self.answers,
            markdown_table(["column", "unit", "training rows had"], rows),
            "**It must not be used for this**",
            "\n".join(f"- {sentence}" for sentence in self.not_for),
        ]
        if self.measured:
            measured = "\n".join(f"- {name}: {value}" for name, value in self.measured.items())
            parts += ["**What was measured**", measured]
        return "\n\n".join(parts)


def send_out(served: nn.Module, card: UseCard, folder: Path) -> None:
    """Write both formats, the program that answers with them, and the card with fingerprints.

    Args:
        served: rows (row, column), in the units of the card, to answers (row,) and reasons
            (row, column), by operations that an exported program keeps: no gradients.

    Raises:
        ValueError: if answers or reasons have other shapes, or are not finite, on rows in range.
    """
    module = deepcopy(served).cpu().eval()
    example = torch.tensor([[each.low, each.high] for each in card.columns]).float().mT.contiguous()
    _refuse_shapes(module, example)
    stamp = {"version": VERSION, "title": card.title}
    shapes = ({0: torch.export.Dim("row", min=1)},)
    names = (["rows"], ["answers", "reasons"])
    prints = write_formats(
        module, (example,), folder, FILES, shapes=shapes, names=names, stamp=stamp, family="rows"
    )
    told = asdict(card) | {"measured": dict(card.measured), "version": VERSION, "sha256": prints}
    (folder / "card.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf8")
    (folder / "answer_rows.py").write_bytes(Path(answer_rows.__file__).read_bytes())


def ask_sent(folder: Path, rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Ask in a fresh Python that can import neither the lab nor torch.

    Returns:
        for each row "answer", "reasons" by column, and "notes", a list of sentences.

    Raises:
        NoAnswerError: if a row, or a file, is refused; the message is the sentence.
    """
    return ask_alone(folder / "answer_rows.py", {"rows": [dict(row) for row in rows]})["rows"]


def _range_of(column: Column) -> str:
    return ", ".join(column.levels) or f"{column.low:g} to {column.high:g}"


def _refuse_shapes(module: nn.Module, rows: Tensor) -> None:
    with torch.no_grad():
        answers, reasons = module(rows)
    if answers.shape != rows.shape[:1] or reasons.shape != rows.shape:
        raise ValueError(
            f"rows {tuple(rows.shape)} need answers {tuple(rows.shape[:1])} and reasons of their "
            f"own shape; found {tuple(answers.shape)} and {tuple(reasons.shape)}."
        )
    if not bool(answers.isfinite().all() and reasons.isfinite().all()):
        raise ValueError("rows at the ends of the ranges need finite answers and reasons.")
