"""Predict, then reveal: the reader commits to an answer before the plot is shown.

Whether a reader can foretell the model is also a measure of an explanation: simulatability
(Doshi-Velez & Kim, 2017, section 3.2). Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Mapping, Sequence

import anywidget
import traitlets

from metaxai_lab.widgets.panels import Pictures, checksum, encode, module, stylesheet


class PredictThenReveal(anywidget.AnyWidget):
    """A question with its options; once one is chosen, the answer and its pictures.

    Args:
        question: what to predict.
        options: at least two answers to choose from.
        answer: the place of the right one in `options`.
        because: the sentence that follows the answer.
        pictures: what is seen before, by alt text; of a stack, its first picture.
        answers: what is seen after, by alt text.

    Raises:
        ValueError: if there are fewer than two options or `answer` is none of them.
    """

    _esm = module("predict_then_reveal.js")
    _css = stylesheet()
    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    answer = traitlets.Int().tag(sync=True)
    because = traitlets.Unicode().tag(sync=True)
    pictures = traitlets.List(traitlets.Dict()).tag(sync=True)
    answers = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        question: str,
        options: Sequence[str],
        *,
        answer: int,
        because: str,
        pictures: Mapping[str, Pictures] | None = None,
        answers: Mapping[str, Pictures] | None = None,
    ) -> None:
        if len(options) < 2 or not 0 <= answer < len(options):
            raise ValueError(
                f"a prediction needs two or more options and the place of the right one among "
                f"them; found {len(options)} options and answer={answer}."
            )
        super().__init__(
            question=question,
            options=list(options),
            answer=answer,
            because=because,
            pictures=_panels(pictures or {}),
            answers=_panels(answers or {}),
        )

    def checksum(self, *, revealed: bool) -> int:
        """Return the checksum of the pictures seen before or after, as the page states it."""
        panels = [*self.pictures, *self.answers] if revealed else self.pictures
        return checksum([panel["frames"][0] for panel in panels])

    def __repr__(self) -> str:
        """Say what is asked, the same on every machine."""
        return f"PredictThenReveal: {self.question} ({len(self.options)} options)"


def _panels(pictures: Mapping[str, Pictures]) -> list[dict]:
    return [{"alt": alt, "title": "", "frames": encode(alt, p)} for alt, p in pictures.items()]
