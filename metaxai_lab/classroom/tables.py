"""Small tables for a page: words and numbers in, Markdown out, which a telephone shows whole.

The cell that shows one needs `mystnb: {markdown_format: myst}` in its metadata. Chapter:
book/attention/from_equations.ipynb.
"""

from collections.abc import Iterable, Sequence


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table, a line for each row.

    Raises:
        ValueError: if a row has more or fewer cells than the head.
    """
    lines = [list(head), ["---"] * len(head), *map(list, rows)]
    for line in lines:
        if len(line) != len(head):
            raise ValueError(f"a row needs {len(head)} cells, one for each column; found {line}.")
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def about(number: float, digits: int = 2) -> str:
    """Write a number that came out of training or chance, such as "≈ 0.83"; nought has no sign."""
    return f"≈ {round(float(number), digits) + 0.0:.{digits}f}"
