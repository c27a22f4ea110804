"""The study of attention over words: train on sentences, judge on classes left out, swap words.

Chapter: book/attention/sentences.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Episode, at_scale, initialised_with, seeded
from metaxai_lab.evaluation.localisation import pointing_game
from metaxai_lab.learners.attentive_text import AttentiveText, AttentiveTextModel, Focus
from metaxai_lab.learners.outer_loop import classification_loss, meta_train
from metaxai_lab.learners.word_vectors import WordVectors, rarity
from metaxai_lab.tasks.planted_sentences import ACTIONS, THINGS
from metaxai_lab.tasks.sentences import SentenceTable, draw_sentence_episodes

SHAPE = {"n_way": 5, "k_shot": 1, "n_query": 5}
AT_ONCE = 50  # tasks judged in one stack


def new_learner(table: SentenceTable, focus: Focus = "task", *, seed: int) -> AttentiveText:
    """Return an untrained learner for the words of `table`, whose sentences say what is rare."""
    with initialised_with(seeded(seed)):
        n_words = len(table.vocabulary)
        words = WordVectors(table.vocabulary, rarity(table.tokens, n_words))
        return AttentiveText(words, focus=focus).eval()


def train(
    learner: AttentiveText,
    table: SentenceTable,
    *,
    steps: int,
    seed: int,
    outer_lr: float = 3e-3,
    on_step: Callable[[int, float], None] | None = None,
) -> AttentiveText:
    """Train a learner in place on 5-way 1-shot tasks, eight a step, and return it."""
    meta_train(
        learner,
        lambda g: draw_sentence_episodes(table, **SHAPE, n_tasks=8, generator=g),
        classification_loss,
        steps=steps,
        outer_lr=outer_lr,
        generator=seeded(seed),
        device="cpu",
        on_step=on_step,
        progress=False,
    )
    return learner


@dataclass(frozen=True)
class Judged:
    """What a learner did on tasks with classes it has never seen.

    Args:
        accuracy: of each task.
        peak: for each query sentence, whether its heaviest word is one that decides.
        mass: the weight on the words that decide.
        chance: their share among the words of the sentence.
        pair: whether the two heaviest words are the two that decide.
    """

    accuracy: Float[Tensor, " task"]
    peak: Float[Tensor, " sentence"] | None = None
    mass: Float[Tensor, " sentence"] | None = None
    chance: Float[Tensor, " sentence"] | None = None
    pair: Float[Tensor, " sentence"] | None = None


@torch.no_grad()
def judge(learner: AttentiveText, table: SentenceTable, *, n_tasks: int, seed: int) -> Judged:
    """Judge a learner on tasks drawn from `table`; the attention only where truth is known."""
    generator, parts = seeded(seed), list[Judged]()
    for first in range(0, n_tasks, AT_ONCE):
        some = min(AT_ONCE, n_tasks - first)
        episode = draw_sentence_episodes(table, **SHAPE, n_tasks=some, generator=generator)
        parts.append(_judge_all(learner, episode))
    if table.rationale is None:
        return Judged(torch.cat([part.accuracy for part in parts]))
    names = [field.name for field in fields(Judged)]
    return Judged(*(torch.cat([getattr(part, name) for part in parts]) for name in names))


def _judge_all(learner: AttentiveText, episode: Episode) -> Judged:
    model, x = learner.adapt(episode.support), episode.query.x
    accuracy = (model(x).argmax(-1) == episode.query.y).float().mean(-1)
    if episode.truth is None:
        return Judged(accuracy)
    x, weights = x.flatten(0, 1), model.weights(x).flatten(0, 1)
    truth = episode.truth.reshape(x.shape)
    seen = Attribution(weights, x, x.new_zeros(len(x)), x.new_zeros(len(x)))
    peak = pointing_game(seen, truth).values
    share = truth.sum(-1) / (x > 0).sum(-1)
    pair = truth.gather(-1, weights.topk(2).indices).all(-1).float()
    return Judged(accuracy, peak, (weights * truth).sum(-1), share, pair)


def word_groups(vocabulary: tuple[str, ...]) -> Int[Tensor, " word"]:
    """Return what each word means: 1 to 12 for an action, 13 to 24 for a thing, 0 for neither."""
    meanings = [line.split() for line in (*ACTIONS.values(), *THINGS.values())]
    number = {word: 1 + i for i, words in enumerate(meanings) for word in words}
    return torch.tensor([number.get(word, 0) for word in vocabulary])


@dataclass(frozen=True)
class Swaps:
    """Query sentences of tasks in which two classes share a thing, and three ways to swap a word.

    Args:
        episode: the tasks.
        usable: the query sentences whose thing belongs to a second class of the task.
        other: the number of that class.
        swapped: the query sentences with one word swapped: "synonym" for the action, the "action"
            of the other class, or a "filler".
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
    filler = (of_row == 0) & (episode.query.x > 0)
    first = filler & (filler.cumsum(-1) == 1)
    swapped = {
        "synonym": _put(episode.query.x, where, groups, action, generator),
        "action": _put(episode.query.x, where, groups, actions.gather(-1, other), generator),
        "filler": _put(episode.query.x, first, groups, torch.zeros_like(action), generator),
    }
    return Swaps(episode, rival.any(-1), other, swapped)


@torch.no_grad()
def after_swap(learner: AttentiveText, swaps: Swaps, kind: str) -> dict[str, float]:
    """Say what a swap did: answers that stay, answers that become the other class, weight moved.

    The weight moved is half the sum of the absolute changes, between 0 and 1.
    """
    model: AttentiveTextModel = learner.adapt(swaps.episode.support)
    before, after = swaps.episode.query.x, swaps.swapped[kind]
    first, second = model(before).argmax(-1), model(after).argmax(-1)
    moved = (model.weights(after) - model.weights(before)).abs().sum(-1) / 2
    kept = swaps.usable
    return {
        "stays": float((second == first)[kept].float().mean()),
        "becomes the other": float((second == swaps.other)[kept].float().mean()),
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


def plan() -> dict[str, int]:
    """Return how long to train and how much to judge at this scale."""
    return at_scale(
        quick={"steps": 200, "clinc_steps": 100, "n_judged": 200},
        full={"steps": 1000, "clinc_steps": 1500, "n_judged": 1000},
    )
