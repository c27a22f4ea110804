"""Sentences made by code, of which the deciding words are known: what to do, and with what.

A class is a pair of an action and a thing, each said with one of four words; the rest of the
sentence is drawn without looking at the class. So the two words are the whole reason, and without
them nothing is left to tell by. Test classes are new pairs of known words: whoever has learned
which words mean the same can tell them apart from one example, and counting words cannot.
Chapter: book/attention/sentences.ipynb.
"""

from functools import cache

import torch
from torch import Generator, Tensor

from metaxai_lab.core import seeded
from metaxai_lab.tasks.sentences import SentenceTable, numbered

ACTIONS = {
    "cancel": "cancel drop scrap abandon",
    "move": "move shift postpone reschedule",
    "check": "check verify inspect review",
    "pay": "pay settle cover finance",
    "find": "find locate trace seek",
    "send": "send forward dispatch deliver",
    "repair": "repair fix mend restore",
    "buy": "buy purchase order acquire",
    "share": "share publish post show",
    "explain": "explain describe clarify interpret",
    "praise": "praise applaud admire recommend",
    "count": "count total tally number",
}
THINGS = {
    "meeting": "meeting appointment session interview",
    "invoice": "invoice bill receipt fee",
    "parcel": "parcel package shipment box",
    "trip": "trip journey voyage flight",
    "car": "car vehicle van truck",
    "song": "song tune melody track",
    "photo": "photo picture image snapshot",
    "letter": "letter message note memo",
    "lamp": "lamp light bulb lantern",
    "garden": "garden yard lawn park",
    "meal": "meal dish recipe menu",
    "medicine": "medicine pill drug remedy",
}
FRAMES = (  # A action, T thing; d, w and k are drawn from FILLERS
    "please A d k T w",
    "can you A d T w",
    "i want to A d k T",
    "w i need to A d T",
    "could somebody A d k T w",
    "help me A d T please",
    "d k T is here so A it w",
    "about d T i must A it",
    "let us A d T before lunch",
    "it is time to A d k T",
)
FILLERS = {
    "d": ["my", "our", "the", "this", "that"],
    "w": ["today", "tomorrow", "tonight", "later", "soon", "now"],
    "k": ["old", "new", "other", "first", "last"],
}
PER_CLASS = 40
SPLITS = {"train": (0, 96), "validation": (96, 112), "test": (112, 144)}  # of the shuffled pairs


def planted_sentences(split: str) -> SentenceTable:
    """Return the sentences of a split, 40 of each class; a pair belongs to one split only.

    `rationale` marks the word of the action and the word of the thing; `domains` are the things.

    Raises:
        ValueError: if there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"the splits of the sentences are {', '.join(SPLITS)}; found {split!r}.")
    pairs = [(action, thing) for action in ACTIONS for thing in THINGS]
    order = torch.randperm(len(pairs), generator=seeded(0)).tolist()
    chosen = sorted(order[slice(*SPLITS[split])])
    tokens, rationale, vocabulary = _all_sentences()
    rows = (torch.tensor(chosen)[:, None] * PER_CLASS + torch.arange(PER_CLASS)).flatten()
    return SentenceTable(
        tokens=tokens[rows],
        counts=(PER_CLASS,) * len(chosen),
        names=tuple(" ".join(pairs[place]) for place in chosen),
        domains=tuple(pairs[place][1] for place in chosen),
        vocabulary=vocabulary,
        rationale=rationale[rows],
    )


@cache
def _all_sentences() -> tuple[Tensor, Tensor, tuple[str, ...]]:
    generator = seeded(1)
    drawn = [
        sentence
        for action in ACTIONS.values()
        for thing in THINGS.values()
        for sentence in _of_one_class(action.split(), thing.split(), generator)
    ]
    tokens, vocabulary = numbered(drawn)
    deciding = " ".join([*ACTIONS.values(), *THINGS.values()]).split()
    numbers = torch.tensor([vocabulary.index(word) for word in deciding])
    return tokens, torch.isin(tokens, numbers.to(tokens.dtype)), vocabulary


def _of_one_class(actions: list[str], things: list[str], generator: Generator) -> list[str]:
    """Draw sentences until there are enough different ones."""
    slots, drawn = {**FILLERS, "A": actions, "T": things}, dict[str, None]()
    while len(drawn) < PER_CLASS:
        frame = _one_of(FRAMES, generator).split()
        words = [_one_of(slots[part], generator) if part in slots else part for part in frame]
        drawn[" ".join(words)] = None
    return list(drawn)


def _one_of(things: tuple[str, ...] | list[str], generator: Generator) -> str:
    return things[int(torch.randint(len(things), (), generator=generator))]
