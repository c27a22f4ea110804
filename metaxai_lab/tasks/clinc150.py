"""CLINC150: what people ask an assistant, 150 intents in 10 domains, with whole domains held out.

Larson et al. (2019). The split by domains is ours; the published one divides the sentences of
every intent and leaves none unseen. Chapter: book/attention/sentences.ipynb.
"""

import json
from pathlib import Path
from typing import Any

from metaxai_lab.tasks.archives import read_parts
from metaxai_lab.tasks.sentences import SentenceTable, numbered
from metaxai_lab.tasks.sources import find_set
from metaxai_lab.tasks.table_columns import expect

SPLITS = {
    "train": ("banking", "home", "kitchen_and_dining", "meta", "small_talk", "work"),
    "validation": ("auto_and_commute", "utility"),
    "test": ("credit_cards", "travel"),
}
PARTS = {"train": 15000, "val": 3000, "test": 4500}


def clinc150(split: str, *, folder: Path | str | None = None) -> SentenceTable:
    """Return the 15 intents of each domain of a split, 150 sentences of each intent.

    The vocabulary is that of all domains, so that a word has one number in all splits. Sentences
    of no intent (out of scope) are left out.

    Raises:
        DamagedFileError: if the files do not hold the published content.
        MissingSetError: if the set is not on this machine.
        ValueError: if there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"the splits of CLINC150 are {', '.join(SPLITS)}; found {split!r}.")
    sentences, domains = _read(find_set("clinc150", folder=folder))
    intents = [name for domain in SPLITS[split] for name in sorted(domains[domain])]
    _, vocabulary = numbered([one for name in sorted(sentences) for one in sentences[name]])
    tokens, _ = numbered([one for name in intents for one in sentences[name]], vocabulary)
    return SentenceTable(
        tokens=tokens,
        counts=tuple(len(sentences[name]) for name in intents),
        names=tuple(intents),
        domains=tuple(domain for domain in SPLITS[split] for _ in domains[domain]),
        vocabulary=vocabulary,
    )


def _read(place: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    parts, domains = (_json(place, name) for name in ("data_full.json", "domains.json"))
    expect("clinc150", parts=({part: len(parts.get(part, ())) for part in PARTS}, PARTS))
    sentences = dict[str, list[str]]()
    for part in PARTS:
        for sentence, intent in parts[part]:
            sentences.setdefault(intent, []).append(sentence)
    named = sorted(intent for intents in domains.values() for intent in intents)
    sizes = (len(domains), sorted({len(found) for found in sentences.values()}))
    expect("clinc150", intents=(named, sorted(sentences)), sizes=(sizes, (10, [150])))
    return sentences, domains


def _json(place: Path, name: str) -> dict[str, Any]:
    files = read_parts(place, name)
    expect("clinc150", files=(len(files), 1))
    try:
        return json.loads(next(iter(files.values())))
    except ValueError as error:
        expect("clinc150", content=(f"{name}: {error}", "JSON"))
        raise
