"""Swap a word of a sentence, and see what moves: the answer, the attention, or neither.

Chapter: book/attention/sentences.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.classroom.sentences_study import SHAPE
from metaxai_lab.core import Episode
from metaxai_lab.learners.attentive_text import AttentiveText, AttentiveTextModel
from metaxai_lab.tasks.planted_sentences import ACTIONS, FILLERS, THINGS
from metaxai_lab.tasks.sentences import SentenceTable, draw_sentence_episodes


def word_groups(vocabulary: tuple[str, ...]) -> Int[Tensor, " word"]:
    """Return what each word means: 1 to 12 for an action, 13 to 24 for a thing, 0 for neither."""
    meanings = [line.split() for line in (*ACTIONS.values(), *THINGS.values())]
    number = {word: 1 + i for i, words in enumerate(meanings) for word in words}
    return torch.tensor([number.get(word, 0) for word in vocabulary])


def filler_slots(vocabulary: tuple[str, ...]) -> Int[Tensor, " word"]:
    """Return the slot that a filler is drawn for, from 1 on; 0 for words drawn for none."""
    number = {word: 1 + i for i, words in enumerate(FILLERS.values()) for word in words}
    return torch.tensor([number.get(word, 0) for word in vocabulary])


@dataclass(frozen=True)
class Swaps:
    """Query sentences of tasks in which two classes share a thing, and four ways to swap a word.

    Args:
        episode: the tasks.
        usable: the query sentences whose thing belongs to a second class of the task.
        other: the number of that class.
        swapped: the query sentences with one word swapped: "synonym" for the action, the "action"
            of the other class, a "filler" for another of its slot (my, our), or "no action", with
            a filler in the place of the action.
    """

    episode: Episode
    usable: Bool[Tensor, "task row"]
    other: Int[Tensor, "task row"]
    swapped: dict[str, Float[Tensor, "task row position"]]


def draw_swaps(table: SentenceTable, *, n_tasks: int, generator: Generator) -> Swaps:
    """Draw tasks and swap a word of each query sentence where a second class has its thing."""
    episode = draw_sentence_episodes(table, **SHAPE, n_tasks=n_tasks, generator=generator)
    groups, n = word_groups(table.vocabulary), len(ACTIONS)
    of_class = groups[episode.support.x.long()]
    of_row = groups[episode.query.x.long()]
    actions, things = of_class.where(of_class <= n, 0).amax(-1), of_class.amax(-1)
    action, thing = of_row.where(of_row <= n, 0).amax(-1), of_row.amax(-1)
    rival = (things[:, None] == thing[..., None]) & (actions[:, None] != action[..., None])
    other = rival.int().argmax(-1)
    where = of_row == action[..., None]
    slots = filler_slots(table.vocabulary)
    slot = slots[episode.query.x.long()]
    first = (slot > 0) & ((slot > 0).cumsum(-1) == 1)
    fillers, filler = (slots > 0).long(), torch.ones_like(action)
    swapped = {
        "synonym": _put(episode.query.x, where, groups, action, generator),
        "action": _put(episode.query.x, where, groups, actions.gather(-1, other), generator),
        "filler": _put(episode.query.x, first, slots, (slot * first).sum(-1), generator),
        "no action": _put(episode.query.x, where, fillers, filler, generator),
    }
    return Swaps(episode, rival.any(-1), other, swapped)


@torch.no_grad()
def after_swap(learner: AttentiveText, swaps: Swaps, kind: str) -> dict[str, float]:
    """Say what a swap did: answers that stay, answers that become the other class, weight moved.

    Answers that were the other class before the swap cannot become it, and are not asked. The
    weight moved is half the sum of the absolute changes, between 0 and 1.
    """
    model: AttentiveTextModel = learner.adapt(swaps.episode.support)
    before, after = swaps.episode.query.x, swaps.swapped[kind]
    first, second = model(before).argmax(-1), model(after).argmax(-1)
    moved = (model.weights(after) - model.weights(before)).abs().sum(-1) / 2
    kept = swaps.usable
    fresh = kept & (first != swaps.other)
    return {
        "stays": float((second == first)[kept].float().mean()),
        "becomes the other": float((second == swaps.other)[fresh].float().mean()),
        "weight moved": float(moved[kept].mean()),
    }


def _put(
    x: Float[Tensor, "task row position"],
    where: Bool[Tensor, "task row position"],
    groups: Int[Tensor, " word"],
    wanted: Int[Tensor, "task row"],
    generator: Generator,
) -> Float[Tensor, "task row position"]:
    """Put another word of the wanted group where `where` is true; the end is no word."""
    chances = torch.rand(*wanted.shape, len(groups), generator=generator)
    same = groups == wanted[..., None]
    old = (x * where).sum(-1, keepdim=True).long()
    allowed = same & (torch.arange(len(groups)) > 0) & (torch.arange(len(groups)) != old)
    new = chances.where(allowed, -1.0).argmax(-1, keepdim=True).to(x.dtype)
    return torch.where(where, new, x)
