"""The five worlds side by side: what their pages measured, read from the runs of this build.

Each page of the part Applications glues the same few names, such as "city_own_10". They are read
from its outputs as the ledger reads claims, so no number of the comparison is typed, and a page
that is missing, or did not run to its end, is named instead of shown.
Chapter: book/appendix/five_worlds.md.
"""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from metaxai_lab.classroom.ledger import escaped, executed, page_of
from metaxai_lab.classroom.tables import markdown_table
from metaxai_lab.evaluation.intervals import Interval

WORLDS = ("medicine", "finance", "manufacturing", "city", "driving")
PARTS = ("own_10", "pooled_10", "unit", "shots", "quality", "quality_chance")
NOTHING = "–"
_LEAD = re.compile(r"≈ (-?[\d.]+) \[(-?[\d.]+), (-?[\d.]+)\]")
_GLUED = "application/papermill.record/text/plain"


@dataclass(frozen=True)
class World:
    """What one page says of its world.

    Args:
        said: by the parts of `PARTS` that the page glued.
        seconds: that the page took to run.
    """

    name: str
    said: Mapping[str, str]
    seconds: float | None = None

    def lead(self, over: str) -> Interval | None:
        """Return the lead over "own" or "pooled" at ten rows, where the page glued one."""
        found = _LEAD.match(self.said.get(f"{over}_10", ""))
        return Interval(*map(float, found.groups())) if found else None

    def leads_both(self) -> bool:
        """Return whether both leads at ten rows have their whole interval above nought."""
        found = [self.lead(over) for over in ("own", "pooled")]
        return all(lead is not None and lead.low > 0 for lead in found)

    def cell(self, part: str) -> str:
        """Return what the page says of a part, as MyST text."""
        return escaped(self.said.get(part, NOTHING))


def read(
    notebooks: Iterable[Path], *, cache: Path | None = None, seconds: Mapping[str, float]
) -> list[World]:
    """Return the worlds whose pages are there and ran to their end, in the order of `WORLDS`.

    Args:
        cache: the folder of the build's runs; None reads what is stored.
        seconds: that each page took, by its name.
    """
    found = {}
    for path in notebooks:
        page = page_of(path)
        name = page.removeprefix("applications/")
        run = executed(path, cache) if name in WORLDS else None
        if run is not None:
            found[name] = World(name, _parts(name, glued(run)), seconds.get(page))
    return [found[name] for name in WORLDS if name in found]


def glued(run: NotebookNode) -> dict[str, str]:
    """Return what a notebook glued as plain strings, by name."""
    found = {}
    for cell in run.cells:
        for out in cell.get("outputs", ()):
            name = out.get("metadata", {}).get("scrapbook", {}).get("name")
            data = out.get("data", {})
            text = data.get(_GLUED, data.get("text/plain"))
            if name and text and text[0] in "'\"":
                found[name] = str(ast.literal_eval(text))
    return found


def markdown(worlds: Sequence[World]) -> str:
    """Return the comparison as MyST text: a count, four tables, and what is missing."""
    if not worlds:
        return "No page of the part Applications ran in this build.\n"
    parts = [
        counted(worlds),
        _rubric("With ten rows of a new task: the lead of the meta-learned model"),
        _table(worlds, ("world", "over own", "over pooled"), ("own_10", "pooled_10")),
        "\n".join(f"- {w.name}: in {w.cell('unit')}" for w in worlds if "unit" in w.said),
        _rubric("Rows of a new task until it is safe"),
        _table(worlds, ("world", "safe from"), ("shots",)),
        _rubric("How good the explanation is"),
        _table(worlds, ("world", "explanation", "by chance"), ("quality", "quality_chance")),
        _rubric("What it costs"),
        markdown_table(
            ("world", "seconds to run the whole page"),
            [(_link(world), _seconds(world.seconds)) for world in worlds],
        ),
        _missing(worlds),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def counted(worlds: Sequence[World]) -> str:
    """Say in how many worlds the meta-learned model leads over both, and who leads elsewhere."""
    ahead = [world.name for world in worlds if world.leads_both()]
    named = f" ({', '.join(ahead)})" if ahead else ""
    told = (
        "With ten rows, the meta-learned model leads over both, with both intervals above nought, "
        f"in {len(ahead)} of {len(worlds)} worlds{named}."
    )
    return " ".join([told, *(_behind(world) for world in worlds if not world.leads_both())])


def _behind(world: World) -> str:
    own, pooled = world.lead("own"), world.lead("pooled")
    if own is None or pooled is None:
        return f"The page on {world.name} says no leads."
    less = {"own": own.low <= 0, "pooled": pooled.low <= 0}
    over = " and ".join(name for name, is_so in less.items() if is_so)
    return f"In {world.name}, the interval over {over} holds nought or lies below it."


def _missing(worlds: Sequence[World]) -> str:
    here = {world.name for world in worlds}
    missing = [name for name in WORLDS if name not in here]
    return f"Not in this build, or not run to the end: {', '.join(missing)}." if missing else ""


def _table(worlds: Sequence[World], head: Sequence[str], parts: Sequence[str]) -> str:
    rows = [(_link(world), *(world.cell(part) for part in parts)) for world in worlds]
    return markdown_table(head, rows)


def _link(world: World) -> str:
    return f"{{doc}}`{world.name} </applications/{world.name}>`"


def _seconds(seconds: float | None) -> str:
    return NOTHING if seconds is None else str(max(1, round(seconds)))


def _parts(name: str, said: Mapping[str, str]) -> dict[str, str]:
    return {part: said[f"{name}_{part}"] for part in PARTS if f"{name}_{part}" in said}


def _rubric(title: str) -> str:
    return f":::{{rubric}} {title}\n:::"
