"""The study of attention over words: train on sentences, and judge on classes left out.

Chapter: book/attention/sentences.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Episode, at_scale, initialised_with, seeded
from metaxai_lab.evaluation.localisation import pointing_game
from metaxai_lab.learners.attentive_text import AttentiveText, Focus
from metaxai_lab.learners.outer_loop import classification_loss, meta_train
from metaxai_lab.learners.word_vectors import WordVectors, rarity
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


@torch.no_grad()
def by_equal_words(table: SentenceTable, *, n_tasks: int, seed: int) -> float:
    """Return the accuracy of counting equal words with the support; classes that tie share."""
    episode = draw_sentence_episodes(table, **SHAPE, n_tasks=n_tasks, generator=seeded(seed))
    words, known = episode.query.x[:, :, None, :, None], episode.support.x[:, None, :, None]
    equal = ((words == known) & (words > 0)).any(-1).sum(-1)
    best = (equal == equal.amax(-1, keepdim=True)).float()
    right = best.gather(-1, episode.query.y[..., None]).squeeze(-1)
    return float((right / best.sum(-1)).mean())


def plan() -> dict[str, int]:
    """Return how long to train and how much to judge at this scale."""
    return at_scale(
        quick={"steps": 200, "clinc_steps": 100, "n_judged": 200},
        full={"steps": 1000, "clinc_steps": 1500, "n_judged": 1000},
    )
