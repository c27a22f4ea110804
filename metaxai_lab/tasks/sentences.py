"""Few-shot text: a sentence is a row of word numbers, and a class is what is meant.

Each position of a sentence is a column, so explainers can point at words as they point at pixels.
Whole domains or classes are held out, so that test tasks ask for meanings never seen. Task layout:
Vinyals et al. (2016), section 4. Chapter: book/appendix/running_it.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Int, Num
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.sampling import check_sizes, distinct

WORD = re.compile(r"\w+(?:'\w+)*")


@dataclass(frozen=True)
class SentenceTable:
    """Sentences class by class, resident in memory.

    Args:
        tokens: the number of the word at each position; 0 where the sentence has ended.
        counts: how many sentences each class has.
        names: one for each class.
        domains: to which domain each class belongs.
        vocabulary: the words by number; the first is empty.
        rationale: the positions that decide the class, where they are known.

    Raises:
        ValueError: if counts, names and sentences do not fit together.
    """

    tokens: Int[Tensor, "sentence position"]
    counts: tuple[int, ...]
    names: tuple[str, ...]
    domains: tuple[str, ...]
    vocabulary: tuple[str, ...]
    rationale: Bool[Tensor, "sentence position"] | None = None

    def __post_init__(self) -> None:
        sizes = (len(self.tokens), len(self.names), len(self.domains))
        if sizes != (sum(self.counts), len(self.counts), len(self.counts)):
            raise ValueError(
                f"{len(self.counts)} classes of {sum(self.counts)} sentences need as many names, "
                f"domains and rows; found {sizes[1]}, {sizes[2]} and {sizes[0]}."
            )

    def to(self, device: torch.device | str) -> "SentenceTable":
        """Return the same table on `device`."""
        known = None if self.rationale is None else self.rationale.to(device)
        return replace(self, tokens=self.tokens.to(device), rationale=known)

    def words(self, row: Num[Tensor, " position"]) -> list[str]:
        """Return the words of a row of an episode, without the end."""
        return [self.vocabulary[int(number)] for number in row.tolist() if number]


def draw_sentence_episodes(
    table: SentenceTable,
    *,
    n_way: int,
    k_shot: int,
    n_query: int,
    n_tasks: int,
    generator: Generator,
) -> Episode:
    """Draw tasks with classes and sentences chosen uniformly, none twice in a task.

    Rows stand class by class. `x` holds word numbers as float32, 0 after the last word; `truth`
    marks the positions that decide, where they are known.

    Raises:
        ValueError: if a number is too small, or the table has too few classes or sentences.
    """
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=n_query, n_tasks=n_tasks)
    _check_table(table, n_way=n_way, n_rows=k_shot + n_query)
    counts = torch.tensor(table.counts)
    classes = distinct(len(counts), n_way, (n_tasks,), generator)
    chances = torch.rand(n_tasks, n_way, int(counts.max()), generator=generator)
    inside = torch.arange(chances.shape[-1]) < counts[classes][..., None]
    items = chances.where(inside, -1.0).topk(k_shot + n_query).indices
    rows = ((counts.cumsum(0) - counts)[classes][..., None] + items).to(table.tokens.device)
    support, query = rows[..., :k_shot], rows[..., k_shot:]
    truth = None if table.rationale is None else table.rationale[query].flatten(1, 2)
    return Episode(_sentences(table, support), _sentences(table, query), truth)


def numbered(
    sentences: Sequence[str], vocabulary: tuple[str, ...] | None = None
) -> tuple[Int[Tensor, "sentence position"], tuple[str, ...]]:
    """Return sentences as rows of word numbers, and the vocabulary: all words in order, or yours.

    Words are lowered, and punctuation is dropped; one that your vocabulary lacks is left out.
    """
    cut = [WORD.findall(sentence.lower()) for sentence in sentences]
    known = vocabulary or ("", *sorted({word for words in cut for word in words}))
    number = {word: place for place, word in enumerate(known)}
    rows = [torch.tensor([number[word] for word in words if word in number]) for words in cut]
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return padded.to(torch.int32), known


def unknown_words(sentence: str, vocabulary: tuple[str, ...]) -> list[str]:
    """Return the words of a sentence that `numbered` leaves out because the vocabulary lacks them.

    They are given in their order, lowered, and as often as they occur.
    """
    known = set(vocabulary)
    return [word for word in WORD.findall(sentence.lower()) if word not in known]


def _sentences(table: SentenceTable, rows: Int[Tensor, "task way row"]) -> Examples:
    n_tasks, n_way, n_rows = rows.shape
    x = table.tokens[rows].flatten(1, 2).to(torch.float32)
    y = torch.arange(n_way, device=x.device).repeat_interleave(n_rows)
    return Examples(x, y.repeat(n_tasks, 1))


def _check_table(table: SentenceTable, *, n_way: int, n_rows: int) -> None:
    if n_way > len(table.counts):
        raise ValueError(
            f"{n_way}-way episodes need {n_way} classes; the table has {len(table.counts)}. "
            "Lower n_way."
        )
    least, name = min(zip(table.counts, table.names, strict=True))
    if n_rows > least:
        raise ValueError(
            f"{n_way}-way episodes need k_shot + n_query = {n_rows} sentences per class; class "
            f"{name!r} has {least}. Lower k_shot or n_query, or leave {name!r} out."
        )
