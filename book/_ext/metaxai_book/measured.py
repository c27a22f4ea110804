"""How long a chapter takes: minutes to read by counting, seconds to run by measuring.

`{measured}` at the head of a chapter writes the line; `{measured-table}` lists every chapter that
ran. Seconds are those of the run that made the page, as myst-nb and its cache recorded them.
Chapter: book/appendix/architecture.md.
"""

import os

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

WORDS_A_MINUTE = 180
CODE_LINES_A_MINUTE = 20


class MeasuredNode(nodes.General, nodes.Element):
    """Stands for the line until the chapter has run."""


class Measured(SphinxDirective):
    """`{measured}`: minutes to read and seconds to run of this page."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the line."""
        return [MeasuredNode()]


class FillMeasured(SphinxPostTransform):
    """Write the line once the seconds are known."""

    default_priority = 8

    def run(self, **kwargs: object) -> None:
        """Replace each place by its sentence."""
        for place in list(self.document.findall(MeasuredNode)):
            text = sentence(minutes_to_read(self.document), seconds(self.env, self.env.docname))
            line = nodes.paragraph(classes=["measured"])
            line += nodes.Text(text)
            place.replace_self(line)


def setup(app: Sphinx) -> None:
    """Add the directive and the transform."""
    app.add_node(MeasuredNode)
    app.add_directive("measured", Measured)
    app.add_post_transform(FillMeasured)


def seconds(env: BuildEnvironment, docname: str) -> float | None:
    """Return the seconds the page's cells took when it was built; None if none ran."""
    record = NbMetadataCollector.get_exec_data(env, docname)
    return None if record is None else record["runtime"]


def minutes_to_read(document: nodes.document) -> int:
    """Return the minutes for prose at 180 words and code at 20 lines a minute, rounded up."""
    words = sum(len(p.astext().split()) for p in document.findall(nodes.paragraph))
    return -(-words // WORDS_A_MINUTE) + 0


def sentence(minutes: int, runtime: float | None) -> str:
    """Say both times in words."""
    if runtime is None:
        return f"About {minutes} minutes to read. Its cells were not run in this build."
    return f"About {minutes} minutes to read, {runtime:.0f} seconds to run (measured)."
