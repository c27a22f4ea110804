"""A player: a slider over frames that Python computed, and nothing else.

The frames are chosen between in the browser, so the player answers in JupyterLab, in the static
page and offline, from the keyboard, in a dark page and on a telephone. It follows the front-end
module specification of anywidget (Manz, Abdennur & Gehlenborg, 2024).
Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Mapping, Sequence

import anywidget
import traitlets

from metaxai_lab.widgets.panels import Pictures, checksum, encode, module, stylesheet


class FramePlayer(anywidget.AnyWidget):
    """Panels side by side, a caption, a slider and a play button over their common frames.

    Args:
        panels: pictures by title; a panel with a single picture shows it in every frame.
        captions: one sentence per frame: what there is to see, in words.
        slider: what the slider moves along, such as "training step".
        labels: the value of the slider at each frame, such as "40"; counted from 1 if None.

    Raises:
        ValueError: if panels, captions and labels do not count the same frames.
    """

    _esm = module("frame_player.js")
    _css = stylesheet()
    panels = traitlets.List(traitlets.Dict()).tag(sync=True)
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    slider = traitlets.Unicode().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        panels: Mapping[str, Pictures],
        *,
        captions: Sequence[str],
        slider: str = "frame",
        labels: Sequence[str | int] | None = None,
    ) -> None:
        shown = [{"title": name, "frames": encode(name, p)} for name, p in panels.items()]
        written = range(1, len(captions) + 1) if labels is None else labels
        _same_count(len(captions), len(written), shown)
        super().__init__(
            panels=shown,
            captions=list(captions),
            labels=[str(label) for label in written],
            slider=slider,
        )

    def shown(self, index: int) -> list[bytes]:
        """Return the PNG file that each panel shows at frame `index`."""
        return [panel["frames"][min(index, len(panel["frames"]) - 1)] for panel in self.panels]

    def checksum(self, index: int) -> int:
        """Return the checksum of frame `index`, which the page states as `data-checksum`."""
        return checksum(self.shown(index))

    @traitlets.validate("index")
    def _within(self, proposal: dict) -> int:
        return min(max(proposal["value"], 0), max(len(self.captions) - 1, 0))

    def __repr__(self) -> str:
        """Say what is played, the same on every machine."""
        titles = ", ".join(panel["title"] for panel in self.panels)
        return f"FramePlayer of {len(self.captions)} frames: {titles}"


def _same_count(captions: int, labels: int, panels: list[dict]) -> None:
    if not captions or not panels:
        raise ValueError(
            f"a player needs a panel and a caption or more; found {len(panels)} and {captions}."
        )
    counts = {panel["title"]: len(panel["frames"]) for panel in panels}
    if labels != captions or any(count not in (1, captions) for count in counts.values()):
        raise ValueError(
            f"a player needs as many captions and labels as frames, and panels with that many "
            f"pictures or one; found {captions} captions, {labels} labels and {counts} pictures."
        )
