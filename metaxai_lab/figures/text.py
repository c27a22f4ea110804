"""Words on the colour of their weight, for a page and for a player.

The weight stands below each word as a number too, so that nothing is said by colour alone, and a
screen reader hears it. Words known to decide are underlined, and a screen reader hears that too.
Words are shown as they are: markup in them is escaped and never run. The paper is white and the
ink is dark in every theme. Chapter: book/attention/sentences.ipynb.
"""

from collections.abc import Sequence
from html import escape

from IPython.display import HTML
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from torch import Tensor

from metaxai_lab.figures.palette import CATEGORIES, INK, paper

HUE, LETTER = CATEGORIES[4], 0.105  # light blue under dark ink; inches that a letter takes
EMPTY = "(no words)"
STYLE = (
    ".metaxai-words{background:#fff;color:#1a1a1a;padding:.4rem .6rem;margin:.3rem 0;"
    "max-width:100%;line-height:1.3}"
    ".metaxai-words b{font-weight:600;display:block;overflow-wrap:anywhere}"
    ".metaxai-words span{display:inline-block;position:relative;text-align:center;"
    "padding:.1rem .25rem;margin:.1rem;max-width:100%;overflow-wrap:anywhere}"
    ".metaxai-words small{display:block;font-size:.75em;color:#1a1a1a}"
    ".metaxai-words i{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
)


def coloured_words(
    words: Sequence[str],
    weights: Float[Tensor, " word"],
    *,
    decides: Bool[Tensor, " word"] | None = None,
    digits: int = 2,
    title: str = "",
) -> HTML:
    """Show a sentence, each word on the colour of its weight, with the weight below it.

    Args:
        weights: one for each word, from 0 to 1.
        decides: the words known to decide; they are underlined, and a screen reader hears it.
        digits: decimals of a weight.
        title: a line above the sentence.

    Raises:
        ValueError: if there is not one weight from 0 to 1 for each word.
    """
    _refuse_unfit(words, weights)
    known = [False] * len(words) if decides is None else decides.tolist()
    said = [f"≈ {weight:.{digits}f}" for weight in weights.tolist()]
    shown = "\n".join(map(_word, words, said, known)) or EMPTY
    head = f"<b>{escape(title)}</b>\n" if title else ""
    return HTML(f'<style>{STYLE}{_levels()}</style>\n<p class="metaxai-words">{head}{shown}</p>')


def draw_words(
    sentences: Sequence[tuple[Sequence[str], Float[Tensor, " _"]]],
    *,
    width: float = 3.8,
    lines: int | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw sentences, each from a new line on, for a frame of a player.

    Args:
        sentences: the words of each, and their weights from 0 to 1.
        width: of the paper in inches; words that do not fit go to the next line.
        lines: that the paper holds, the same for all frames of a player; as many as there are
            where it is None.

    Raises:
        ValueError: if there is not one weight from 0 to 1 for each word.
    """
    placed, line = list[tuple[str, float, float, int]](), -1
    for words, weights in sentences:
        _refuse_unfit(words, weights)
        left, line = 0.0, line + 1
        for word, weight in zip(words, weights.tolist(), strict=True):
            if left and left + _width(word) > width - 0.2:
                left, line = 0.0, line + 1
            placed.append((word, weight, left + _width(word) / 2, line))
            left += _width(word)
    lines = line + 1 if lines is None else lines
    ax = paper(ax, width, 0.55 * lines + 0.3)
    ax.set(xlim=(0, width - 0.2), ylim=(lines, 0), title=title)
    ax.axis("off")
    for word, weight, middle, row in placed:
        box = {"boxstyle": "round,pad=0.2", "fc": shade(weight), "ec": "none"}
        ax.text(middle, row + 0.35, plain(word), ha="center", va="center", color=INK, bbox=box)
        ax.text(middle, row + 0.8, f"{100 * weight:.0f} %", ha="center", size=8, color=INK)
    return ax


def describe_words(words: Sequence[str], weights: Float[Tensor, " word"], *, most: int = 3) -> str:
    """Say in words what a coloured sentence shows: its heaviest words, and their weights.

    Raises:
        ValueError: if there is not one weight from 0 to 1 for each word.
    """
    _refuse_unfit(words, weights)
    if not words:
        return "A sentence without words."
    order = weights.argsort(descending=True, stable=True)[:most].tolist()
    heaviest = ", ".join(f"{words[i]} {100 * float(weights[i]):.0f} %" for i in order)
    return f"{' '.join(words)}: most weight on {heaviest}."


def shade(weight: float) -> str:
    """Return the colour under a word: white at 0, light blue at 1; dark ink is read on all."""
    red, green, blue = (1 - weight * (1 - part) for part in to_rgb(HUE))
    return to_hex((red, green, blue))


def plain(word: str) -> str:
    """Return a word as Matplotlib draws it letter by letter, a dollar being no formula."""
    return word.replace("$", r"\$")


def _word(word: str, said: str, decides: bool) -> str:
    """Write one word; its colour hangs on the first decimal, so the page compares no colours."""
    shown = f"<u>{escape(word)}</u><i>, which decides,</i>" if decides else escape(word)
    return f'<span data-weight="{said}">{shown} <small>{said}</small></span>'


def _levels() -> str:
    """Return a colour for each first decimal of a weight."""
    rules = [(f"0.{tenth}", shade((tenth + 0.5) / 10)) for tenth in range(1, 10)]
    return "".join(
        f'.metaxai-words [data-weight^="≈ {start}"]{{background:{color}}}'
        for start, color in [*rules, ("1.", shade(1.0))]
    )


def _width(word: str) -> float:
    return LETTER * max(len(word), 4) + 0.12


def _refuse_unfit(words: Sequence[str], weights: Float[Tensor, " word"]) -> None:
    if len(words) != len(weights):
        raise ValueError(
            f"each word needs a weight; found {len(words)} words and {len(weights)} weights. Leave "
            "out the positions behind the end of the sentence."
        )
    if not bool(((weights >= 0) & (weights <= 1 + 1e-6)).all()):
        raise ValueError(
            f"weights lie from 0 to 1; found {float(weights.min()):g} to {float(weights.max()):g}. "
            "Divide them by their sum."
        )
